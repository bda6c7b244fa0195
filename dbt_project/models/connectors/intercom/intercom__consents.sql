-- Grain: one contact that does not want e-mail; silence is no consent.
with

opted_out as (

    select contact_id as record_id
    from {{ ref('stg_intercom__contacts') }}
    where has_opted_out

),

final as (

    {{ opted_out('intercom') }}

)

select * from final
