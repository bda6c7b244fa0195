-- Grain: an answer x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'survey_answers') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        answer_id,
        response_id,
        question_id,
        account_id,
        ticket_id,
        file_name,

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
        _deleted_reason is not null as is_gone,

        ---------- dates
        wave_opened_on,
        wave_closed_on,
        snapshot_date,

        ---------- timestamps
        cast(answered_at as timestamp) as answered_at

    from source

)

select * from final
