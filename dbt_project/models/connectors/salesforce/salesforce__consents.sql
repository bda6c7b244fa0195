-- Grain: one contact or lead that does not want marketing e-mail; silence is no consent.
with

opted_out as (

    select contact_id as record_id
    from {{ ref('stg_salesforce__contacts') }}
    where has_opted_out

    union all

    select lead_id as record_id
    from {{ ref('stg_salesforce__leads') }}
    where has_opted_out

),

final as (

    {{ opted_out('salesforce') }}

)

select * from final
