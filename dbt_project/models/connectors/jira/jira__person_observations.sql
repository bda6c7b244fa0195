-- Grain: one person who had a part in a request; an app is nobody.
with

users as (

    select * from {{ ref('stg_jira__users') }}
    where coalesce(account_type, '') <> 'app'

),

assignees as (

    select distinct assignee_id as account_id
    from {{ ref('stg_jira__issues') }}

),

final as (

    select
        ---------- ids
        'jira' as source,
        users.account_id as source_record_id,
        'jira:' || users.account_id as account_id,
        null as employee_number,
        null as member_number,
        null as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        -- Colleagues who ask and agents who answer have the same kind of account.
        case when assignees.account_id is not null then 'agent' else 'user' end
            as account_kind,
        null as first_name,
        null as last_name,
        -- A closed account is shown under a name that is nobody's.
        case when users.is_active then nullif(trim(users.display_name), '') end
            as full_name,
        nullif(trim(users.email), '') as email,
        null as phone,
        null as birth_date,
        null as language,
        null as country,
        null as city,
        false as is_test,
        users.deleted_reason is not null or not coalesce(users.is_active, true)
            as is_deleted,
        null as attributes,

        ---------- timestamps
        null as created_at,
        null as updated_at

    from users

    left join assignees
        on users.account_id = assignees.account_id

)

select * from final
