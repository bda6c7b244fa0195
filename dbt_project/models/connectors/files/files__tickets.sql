-- Grain: a ticket,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__tickets') }}

    where not is_gone
    qualify
        row_number() over (
            partition by ticket_id order by updated_at desc nulls last, file_name desc
        ) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || ticket_id as ticket_id,
        'files:' || account_id as account_id,
        'files:' || assignee_account_id as assignee_account_id,
        'files:' || organisation_id as organisation_id,

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

        ---------- dates
        snapshot_date,

        ---------- timestamps
        created_at,
        updated_at,
        solved_at,
        forwarded_at

    from records

)

select * from final
