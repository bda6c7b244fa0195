-- Grain: one contact, whoever is behind one or several opportunities.
with

opportunities as (

    select
        *,
        deleted_reason is not null or coalesce(is_anonymized, false) as is_gone,
        coalesce(updated_at, created_at) as seen_at
    from {{ ref('stg_lever__opportunities') }}
    where contact_id is not null

),

-- What is known of a contact is shown on each of its opportunities; the newest one is right, and of
-- one instant always the same one.
dated as (

    select
        *,
        { 'is_dated': seen_at is not null, 'at': seen_at, 'id': opportunity_id } as seen
    from opportunities

),

contacts as (

    select
        contact_id,
        arg_max(full_name, seen) filter (where not is_gone) as full_name,
        arg_max(emails[1], seen) filter (where not is_gone) as email,
        arg_max(phones[1], seen) filter (where not is_gone) as phone,
        bool_and(is_gone) as is_deleted,
        min(created_at) as created_at,
        max(updated_at) as updated_at
    from dated
    group by contact_id

),

final as (

    select
        ---------- ids
        'lever' as source,
        contact_id as source_record_id,
        'lever:' || contact_id as account_id,
        null as employee_number,
        null as member_number,
        null as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        'contact' as account_kind,
        null as first_name,
        null as last_name,
        nullif(trim(full_name), '') as full_name,
        nullif(trim(email), '') as email,
        nullif(trim(phone), '') as phone,
        null as birth_date,
        null as language,
        null as country,
        null as city,
        false as is_test,
        is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        updated_at

    from contacts

)

select * from final
