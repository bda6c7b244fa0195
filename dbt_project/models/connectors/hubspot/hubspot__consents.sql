-- Grain: one contact that does not want marketing e-mail; silence is no consent.
with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}
    where has_opted_out

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        contact_id as source_record_id,
        'hubspot:' || contact_id || ':marketing' as consent_id,
        'hubspot:' || contact_id as account_id,

        ---------- facts
        'marketing' as purpose,
        null as basis,
        'withdrawn' as state,

        ---------- timestamps
        null as valid_from

    from contacts

)

select * from final
