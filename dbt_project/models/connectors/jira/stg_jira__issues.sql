-- Grain: one request; one that is gone has its id left.
with

source as (

    select * from {{ source('jira', 'issues') }}

),

final as (

    select
        ---------- ids
        id as issue_id,
        key as issue_key,
        project_key,
        reporter_id,
        creator_id,
        assignee_id,
        priority_id,
        status_id,
        resolution_id,
        organization_id,

        ---------- facts
        from_json(labels, '["varchar"]') as labels,
        topic,
        channel,
        description as body,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created as timestamp) as created_at,
        cast(updated as timestamp) as updated_at,
        cast(resolved as timestamp) as resolved_at

    from source

)

select * from final
