-- Grain: a question,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__survey_questions') }}

    where not is_gone
    qualify row_number() over (partition by question_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || question_id as question_id,
        'files:' || survey_id as survey_id,

        ---------- facts
        instrument,
        question_text,
        metric_role,
        scale_min,
        scale_max

    from records

)

select * from final
