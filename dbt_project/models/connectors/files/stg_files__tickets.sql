-- Grain: a ticket x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'tickets') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        ticket_id,
        account_id,
        assignee_account_id,
        organisation_id,
        file_name,

        ---------- facts
        touchpoint_type,
        channel,
        priority,
        status,
        topic,
        is_timely,
        is_test,
        is_deleted,
        audience,
        attributes,
        _deleted_reason is not null as is_gone,

        ---------- dates
        snapshot_date,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(solved_at as timestamp) as solved_at,
        cast(forwarded_at as timestamp) as forwarded_at

    from source

)

select * from final
