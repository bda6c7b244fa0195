-- Grain: something that was said,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__feedback_turns') }}

    where not is_gone
    qualify row_number() over (partition by turn_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || turn_id as turn_id,
        'files:' || account_id as account_id,
        'files:' || response_id as response_id,
        'files:' || ticket_id as ticket_id,

        ---------- facts
        instrument,
        feedback_kind,
        body,
        stars,
        language,

        ---------- timestamps
        occurred_at

    from records

)

select * from final
