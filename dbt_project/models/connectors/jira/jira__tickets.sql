-- Grain: one request that is there; tests carry a flag.
with

issues as (

    -- Of a request that is gone nothing but the id is left.
    select * from {{ ref('stg_jira__issues') }}
    where deleted_reason is null

),

statuses as (

    select * from {{ ref('stg_jira__statuses') }}

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'jira'

),

final as (

    select
        ---------- ids
        'jira' as source,
        issues.issue_id as source_record_id,
        'jira:' || issues.issue_id as ticket_id,
        'jira:' || issues.reporter_id as account_id,
        'jira:' || issues.assignee_id as assignee_account_id,
        'jira:' || issues.organization_id as organisation_id,
        null as team,

        ---------- facts
        projects.value as touchpoint_type,
        channels.value as channel,
        priorities.value as priority,
        -- The category says how far a status is; the registry may know a single one better.
        coalesce(own_statuses.value, categories.value) as status,
        issues.topic,
        null as is_timely,
        coalesce(list_contains(issues.labels, 'test'), false) as is_test,
        false as is_deleted,
        case when resolutions.value = 'merged' then true end as is_merged,
        null as snapshot_date,
        null as audience,
        null as attributes,

        ---------- timestamps
        issues.created_at,
        issues.updated_at,
        issues.resolved_at as solved_at,
        null as forwarded_at

    from issues

    left join statuses
        on issues.status_id = statuses.status_id

    left join codes as projects
        on projects.field = 'project' and issues.project_key = projects.code

    left join codes as channels
        on channels.field = 'channel' and issues.channel = channels.code

    left join codes as priorities
        on priorities.field = 'priority' and issues.priority_id = priorities.code

    left join codes as own_statuses
        on own_statuses.field = 'status' and issues.status_id = own_statuses.code

    left join codes as categories
        on
            categories.field = 'status_category'
            and statuses.category = categories.code

    left join codes as resolutions
        on
            resolutions.field = 'resolution'
            and issues.resolution_id = resolutions.code

)

select * from final
