-- Grain: one contact of the directory who does not want to be asked; silence is no consent.
with

contacts as (

    select * from {{ ref('stg_qualtrics__contacts') }}

),

-- The vendor tells of the directory and of each list; one of them is enough.
unsubscribed as (

    select contact_id from contacts
    group by contact_id
    having bool_or(coalesce(is_unsubscribed, false) or coalesce(is_list_unsubscribed, false))

),

final as (

    select
        ---------- ids
        'qualtrics' as source,
        contact_id as source_record_id,
        'qualtrics:' || contact_id || ':survey' as consent_id,
        'qualtrics:' || contact_id as account_id,

        ---------- facts
        'survey' as purpose,
        null as basis,
        'withdrawn' as state,

        ---------- timestamps
        -- Since when the list does not tell.
        null as valid_from

    from unsubscribed

)

select * from final
