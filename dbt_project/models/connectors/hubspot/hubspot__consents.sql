-- Grain: one contact that does not want marketing e-mail; silence is no consent.
with

opted_out as (

    select contact_id as record_id
    from {{ ref('stg_hubspot__contacts') }}
    where has_opted_out

),

final as (

    {{ opted_out('hubspot') }}

)

select * from final
