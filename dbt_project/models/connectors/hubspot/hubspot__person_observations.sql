-- Grain: one contact; archived and merged ones carry flags, also those merged before we first read.
with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

-- A winner lists everyone it absorbed, also through those it absorbed before.
absorbed as (

    select
        unnest(string_split(merged_ids, ';')) as contact_id,
        contact_id as winner_id,
        updated_at
    from contacts
    where merged_ids <> ''

),

survivors as (

    select
        contact_id,
        winner_id
    from absorbed
    where winner_id <> contact_id
    qualify row_number() over (
        partition by contact_id
        order by updated_at desc, winner_id asc
    ) = 1

),

-- Other systems may still hold the id of one that HubSpot no longer gives.
ids as (

    select contact_id from contacts
    union distinct
    select contact_id from survivors

),

employers as (

    select
        contact_id,
        company_id
    from {{ ref('stg_hubspot__contact_companies') }}
    where company_id is not null
    qualify row_number() over (
        partition by contact_id
        order by is_primary desc, company_id asc
    ) = 1

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        ids.contact_id as source_record_id,
        'hubspot:' || ids.contact_id as account_id,
        null as employee_number,
        null as member_number,
        null as external_id,
        'hubspot:' || employers.company_id as organisation_id,
        'hubspot:' || survivors.winner_id as merged_into_account_id,

        ---------- facts
        'contact' as account_kind,
        nullif(nullif(contacts.first_name, 'SCRUBBED'), '') as first_name,
        nullif(nullif(contacts.last_name, 'SCRUBBED'), '') as last_name,
        null as full_name,
        nullif(contacts.email, '') as email,
        nullif(contacts.phone, '') as phone,
        try_cast(contacts.birth_date as date) as birth_date,
        nullif(lower(split_part(contacts.language, '-', 1)), '') as language,
        case when length(contacts.country) = 2 then upper(contacts.country) end
            as country,
        nullif(contacts.city, '') as city,
        false as is_test,
        coalesce(contacts.deleted_reason, survivors.winner_id) is not null
            as is_deleted,
        null as attributes,

        ---------- timestamps
        contacts.created_at,
        contacts.updated_at

    from ids

    left join contacts
        on ids.contact_id = contacts.contact_id

    left join survivors
        on ids.contact_id = survivors.contact_id

    left join employers
        on ids.contact_id = employers.contact_id

)

select * from final
