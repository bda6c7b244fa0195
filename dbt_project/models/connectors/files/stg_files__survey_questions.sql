-- Grain: a question x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'survey_questions') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        question_id,
        survey_id,
        file_name,

        ---------- facts
        instrument,
        question_text,
        metric_role,
        scale_min,
        scale_max,
        _deleted_reason is not null as is_gone

    from source

)

select * from final
