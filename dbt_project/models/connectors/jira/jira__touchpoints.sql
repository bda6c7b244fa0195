-- Grain: the opening of one request; tests and what is gone touched nobody.
with

opened as (

    select
        issue_id as ticket_id,
        reporter_id as requester_id,
        project_key as kind_code,
        channel as channel_code,
        -- What an agent typed in may have come in by phone or gone out.
        case when creator_id = reporter_id then 'inbound' end as direction,
        created_at
    from {{ ref('stg_jira__issues') }}
    where deleted_reason is null and not coalesce(list_contains(labels, 'test'), false)

),

{{ desk_touchpoints('jira', 'request', kind='project', channel='channel') }}
