-- Grain: one thing within one update of a ticket: a comment, or a field that was set.
with

source as (

    select * from {{ source('zendesk', 'ticket_events') }}

),

children as (

    select
        source.ticket_id,
        source.updater_id,
        source.via,
        source.created_at,
        unnest(from_json(source.child_events, '["json"]')) as child

    from source

),

final as (

    select
        ---------- ids
        child ->> '$.id' as child_event_id,
        cast(ticket_id as varchar) as ticket_id,
        cast(updater_id as varchar) as updater_id,
        child ->> '$.author_id' as author_id,

        ---------- facts
        child ->> '$.event_type' as child_event_type,
        child ->> '$.status' as status,
        child ->> '$.assignee_id' as assignee_id,
        child ->> '$.group_id' as group_id,
        child ->> '$.priority' as priority,
        child ->> '$.previous_value' as previous_value,
        child ->> '$.body' as body,
        cast(child ->> '$.public' as boolean) as is_public,
        -- A comment names its channel, a change its way in; else the update does.
        coalesce(
            child ->> '$.via.channel',
            nullif(child ->> '$.via', '{}'),
            via
        ) as via,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from children

)

select * from final
