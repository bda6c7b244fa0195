-- Grain: one contact, lead or user; deleted, merged and converted ones carry flags.
with

companies as (

    select account_id
    from {{ ref('stg_salesforce__accounts') }}
    where not coalesce(is_person, false)

),

accounts as (

    select
        contacts.contact_id as record_id,
        'contact' as account_kind,
        null as employee_number,
        companies.account_id as company_id,
        contacts.master_id as survivor_id,
        contacts.deleted_reason is not null as is_deleted,
        contacts.first_name,
        contacts.last_name,
        contacts.email,
        contacts.phone,
        contacts.birth_date,
        contacts.language,
        coalesce(contacts.country_code, contacts.country) as country,
        contacts.city,
        contacts.created_at,
        contacts.updated_at

    from {{ ref('stg_salesforce__contacts') }} as contacts

    left join companies
        on contacts.account_id = companies.account_id

    union all

    -- A converted lead lives on as the contact.
    select
        lead_id as record_id,
        'record' as account_kind,
        null as employee_number,
        null as company_id,
        coalesce(master_id, converted_contact_id) as survivor_id,
        deleted_reason is not null or coalesce(is_converted, false) as is_deleted,
        first_name,
        last_name,
        email,
        phone,
        null as birth_date,
        language,
        coalesce(country_code, country) as country,
        city,
        created_at,
        updated_at

    from {{ ref('stg_salesforce__leads') }}

    union all

    -- A user of a portal is a contact as well, and says so.
    select
        user_id as record_id,
        case
            when user_type = 'Standard' then 'agent'
            when contact_id is not null then 'user'
        end as account_kind,
        employee_number,
        null as company_id,
        null as survivor_id,
        not coalesce(is_active, true) as is_deleted,
        first_name,
        last_name,
        email,
        null as phone,
        null as birth_date,
        null as language,
        null as country,
        null as city,
        created_at,
        updated_at

    from {{ ref('stg_salesforce__users') }}

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        record_id as source_record_id,
        'salesforce:' || record_id as account_id,
        nullif(employee_number, '') as employee_number,
        null as member_number,
        null as external_id,
        'salesforce:' || company_id as organisation_id,
        'salesforce:' || survivor_id as merged_into_account_id,

        ---------- facts
        account_kind,
        nullif(nullif(first_name, 'SCRUBBED'), '') as first_name,
        nullif(nullif(last_name, 'SCRUBBED'), '') as last_name,
        null as full_name,
        nullif(email, '') as email,
        nullif(phone, '') as phone,
        birth_date,
        nullif(lower(regexp_extract(language, '^[A-Za-z]+')), '') as language,
        case when length(country) = 2 then upper(country) end as country,
        nullif(city, '') as city,
        false as is_test,
        is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        updated_at

    from accounts

)

select * from final
