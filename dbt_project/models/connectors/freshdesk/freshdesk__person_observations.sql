-- Grain: one contact or agent, those who are gone too.
with

contacts as (

    select
        contact_id as user_id,
        'user' as account_kind,
        company_id,
        unique_external_id,
        name,
        email,
        coalesce(nullif(phone, ''), nullif(mobile, '')) as phone,
        language,
        deleted_reason,
        created_at,
        updated_at

    from {{ ref('stg_freshdesk__contacts') }}

),

agents as (

    select
        agent_id as user_id,
        'agent' as account_kind,
        null as company_id,
        null as unique_external_id,
        name,
        email,
        null as phone,
        null as language,
        deleted_reason,
        created_at,
        updated_at

    from {{ ref('stg_freshdesk__agents') }}

),

users as (

    select * from contacts
    union all
    select * from agents

),

-- A contact who becomes an agent, or the other way round, keeps the id: what stands is kept.
one_each as (

    select * from users

    qualify
        row_number() over (
            partition by user_id
            order by deleted_reason is not null, account_kind
        ) = 1

),

final as (

    select
        ---------- ids
        'freshdesk' as source,
        user_id as source_record_id,
        'freshdesk:' || user_id as account_id,
        null as employee_number,
        null as member_number,
        nullif(unique_external_id, '') as external_id,
        'freshdesk:' || company_id as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        account_kind,
        null as first_name,
        null as last_name,
        nullif(trim(name), '') as full_name,
        nullif(email, '') as email,
        phone,
        null as birth_date,
        nullif(lower(split_part(language, '-', 1)), '') as language,
        null as country,
        null as city,
        false as is_test,
        deleted_reason is not null as is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        updated_at

    from one_each

)

select * from final
