-- Grain: one contact or lead that does not want marketing e-mail; silence is no consent.
with

people as (

    select contact_id as record_id
    from {{ ref('stg_salesforce__contacts') }}
    where has_opted_out

    union all

    select lead_id as record_id
    from {{ ref('stg_salesforce__leads') }}
    where has_opted_out

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        record_id as source_record_id,
        'salesforce:' || record_id || ':marketing' as consent_id,
        'salesforce:' || record_id as account_id,

        ---------- facts
        'marketing' as purpose,
        null as basis,
        'withdrawn' as state,

        ---------- timestamps
        null as valid_from

    from people

)

select * from final
