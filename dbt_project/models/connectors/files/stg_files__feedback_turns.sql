-- Grain: something that was said x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'feedback_turns') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        turn_id,
        account_id,
        response_id,
        ticket_id,
        file_name,

        ---------- facts
        instrument,
        feedback_kind,
        body,
        stars,
        language,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(occurred_at as timestamp) as occurred_at

    from source

)

select * from final
