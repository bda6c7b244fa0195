-- Grain: one case; merged and deleted ones carry flags.
with

cases as (

    select * from {{ ref('stg_salesforce__cases') }}

),

-- A person account is nobody's organisation.
companies as (

    select account_id
    from {{ ref('stg_salesforce__accounts') }}
    where not coalesce(is_person, false)

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'salesforce'

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        cases.case_id as source_record_id,
        'salesforce:' || cases.case_id as ticket_id,
        'salesforce:' || cases.contact_id as account_id,
        -- The owner is a user or, by another kind of id, a queue.
        case when starts_with(cases.owner_id, '005') then 'salesforce:' || cases.owner_id end
            as assignee_account_id,
        'salesforce:' || companies.account_id as organisation_id,
        case when starts_with(cases.owner_id, '00G') then 'salesforce:' || cases.owner_id end
            as team,

        ---------- facts
        types.value as touchpoint_type,
        origins.value as channel,
        priorities.value as priority,
        case
            when cases.deleted_reason is not null then 'deleted'
            when statuses.value = 'hold' then 'pending'
            when statuses.value is not null then statuses.value
            when cases.is_closed then 'solved'
            else 'open'
        end as status,
        nullif(cases.reason, '') as topic,
        null as is_timely,
        false as is_test,
        cases.deleted_reason is not null as is_deleted,
        cases.master_id is not null as is_merged,
        null as snapshot_date,
        null as audience,
        null as attributes,

        ---------- timestamps
        cases.created_at,
        cases.updated_at,
        case when cases.is_closed then cases.closed_at end as solved_at,
        null as forwarded_at

    from cases

    left join companies
        on cases.account_id = companies.account_id

    left join codes as types
        on types.field = 'case_type' and cases.case_type = types.code

    left join codes as origins
        on origins.field = 'case_origin' and cases.origin = origins.code

    left join codes as statuses
        on statuses.field = 'case_status' and cases.status = statuses.code

    left join codes as priorities
        on priorities.field = 'case_priority' and cases.priority = priorities.code

)

select * from final
