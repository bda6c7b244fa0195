-- Grain: something that happened to a ticket,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__ticket_events') }}

    where not is_gone
    qualify row_number() over (partition by ticket_event_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || ticket_event_id as ticket_event_id,
        'files:' || ticket_id as ticket_id,
        'files:' || actor_account_id as actor_account_id,

        ---------- facts
        actor_role,
        event_type,
        is_public,
        value,
        previous_value,

        ---------- timestamps
        occurred_at

    from records

)

select * from final
