-- Grain: one contact or teammate; those who are gone too.
with

contacts as (

    select
        contact_id as source_record_id,
        'user' as account_kind,
        external_id,
        name,
        email,
        phone,
        language,
        country,
        city,
        deleted_reason,
        created_at,
        updated_at
    from {{ ref('stg_intercom__contacts') }}

),

admins as (

    select
        admin_id as source_record_id,
        'agent' as account_kind,
        null as external_id,
        name,
        email,
        null as phone,
        null as language,
        null as country,
        null as city,
        deleted_reason,
        null as created_at,
        null as updated_at
    from {{ ref('stg_intercom__admins') }}

),

accounts as (

    select * from contacts
    union all
    select * from admins

),

final as (

    select
        ---------- ids
        'intercom' as source,
        source_record_id,
        'intercom:' || source_record_id as account_id,
        null as employee_number,
        null as member_number,
        nullif(external_id, '') as external_id,
        null as organisation_id,
        -- The loser of a merge is gone without a word of the winner.
        null as merged_into_account_id,

        ---------- facts
        account_kind,
        null as first_name,
        null as last_name,
        nullif(trim(name), '') as full_name,
        nullif(email, '') as email,
        nullif(phone, '') as phone,
        null as birth_date,
        nullif(lower(split_part(language, '-', 1)), '') as language,
        nullif(upper(country), '') as country,
        nullif(city, '') as city,
        false as is_test,
        deleted_reason is not null as is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        updated_at

    from accounts

)

select * from final
