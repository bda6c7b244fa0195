-- Grain: one user: end users and agents, those who are gone too.
with

users as (

    select * from {{ ref('stg_zendesk__users') }}

),

-- One field holds the whole name; an erased user reads SCRUBBED.
named as (

    select
        users.*,
        nullif(trim(nullif(users.name, 'SCRUBBED')), '') as full_name

    from users

),

final as (

    select
        ---------- ids
        'zendesk' as source,
        user_id as source_record_id,
        'zendesk:' || user_id as account_id,
        nullif(employee_number, '') as employee_number,
        null as member_number,
        nullif(external_id, '') as external_id,
        'zendesk:' || organization_id as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        case when role in ('agent', 'admin') then 'agent' else 'user' end
            as account_kind,
        null as first_name,
        null as last_name,
        full_name,
        nullif(email, '') as email,
        nullif(phone, '') as phone,
        null as birth_date,
        nullif(lower(split_part(locale, '-', 1)), '') as language,
        null as country,
        null as city,
        false as is_test,
        deleted_reason is not null as is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        updated_at

    from named

)

select * from final
