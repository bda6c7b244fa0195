-- Grain: one ticket, deleted ones included.
with

source as (

    select * from {{ source('zendesk', 'tickets') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as ticket_id,
        cast(requester_id as varchar) as requester_id,
        cast(assignee_id as varchar) as assignee_id,
        cast(group_id as varchar) as group_id,
        cast(organization_id as varchar) as organization_id,
        cast(brand_id as varchar) as brand_id,

        ---------- facts
        channel,
        priority,
        status,
        topic,
        from_json(tags, '["varchar"]') as tags,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(solved_at as timestamp) as solved_at

    from source

)

select * from final
