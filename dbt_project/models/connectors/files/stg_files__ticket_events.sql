-- Grain: something that happened to a ticket x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'ticket_events') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        ticket_event_id,
        ticket_id,
        actor_account_id,
        file_name,

        ---------- facts
        actor_role,
        event_type,
        is_public,
        value,
        previous_value,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(occurred_at as timestamp) as occurred_at

    from source

)

select * from final
