-- Grain: an answer,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__survey_answers') }}

    where not is_gone
    qualify row_number() over (partition by answer_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || answer_id as answer_id,
        'files:' || response_id as response_id,
        'files:' || question_id as question_id,
        'files:' || account_id as account_id,
        'files:' || ticket_id as ticket_id,

        ---------- facts
        instrument,
        metric_role,
        scale_min,
        scale_max,
        confidentiality,
        answer_value,
        response_status,
        language,
        wave,
        audience,
        attributes,
        weight,

        ---------- dates
        wave_opened_on,
        wave_closed_on,
        snapshot_date,

        ---------- timestamps
        answered_at

    from records

)

select * from final
