-- Grain: one contact that does not want e-mail; silence is no consent.
with

contacts as (

    select * from {{ ref('stg_intercom__contacts') }}
    where has_opted_out

),

final as (

    select
        ---------- ids
        'intercom' as source,
        contact_id as source_record_id,
        'intercom:' || contact_id || ':marketing' as consent_id,
        'intercom:' || contact_id as account_id,

        ---------- facts
        'marketing' as purpose,
        null as basis,
        'withdrawn' as state,

        ---------- timestamps
        null as valid_from

    from contacts

)

select * from final
