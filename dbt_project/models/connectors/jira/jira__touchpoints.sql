-- Grain: the opening of one request; tests and what is gone touched nobody.
with

issues as (

    select * from {{ ref('stg_jira__issues') }}
    where
        deleted_reason is null
        and not coalesce(list_contains(labels, 'test'), false)

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
        'jira:request:' || issues.issue_id as touchpoint_id,
        'jira:' || issues.reporter_id as account_id,
        null as location_id,

        ---------- facts
        projects.value as touchpoint_type,
        channels.value as channel,
        -- What an agent typed in may have come in by phone or gone out.
        case when issues.creator_id = issues.reporter_id then 'inbound' end
            as direction,

        ---------- timestamps
        issues.created_at as occurred_at

    from issues

    left join codes as projects
        on projects.field = 'project' and issues.project_key = projects.code

    left join codes as channels
        on channels.field = 'channel' and issues.channel = channels.code

)

select * from final
