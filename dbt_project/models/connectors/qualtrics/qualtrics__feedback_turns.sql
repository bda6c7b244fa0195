-- Grain: a comment that a respondent wrote into a survey.
with

comments as (

    select * from {{ ref('qualtrics__survey_answers') }}
    where metric_role = 'comment' and response_status in ('complete', 'partial')

),

responses as (

    select
        *,
        'qualtrics:' || response_id as contract_response_id

    from {{ ref('stg_qualtrics__responses') }}

),

instruments as (

    select * from {{ ref('instruments') }}

),

final as (

    select
        ---------- ids
        comments.source,
        comments.source_record_id,
        comments.answer_id as turn_id,
        comments.account_id,
        comments.response_id,
        comments.ticket_id,
        comments.instrument,
        null as touchpoint_type,
        null as audience,

        ---------- facts
        instruments.feedback_kind,
        json_extract_string(
            responses.answers, '$."' || split_part(comments.question_id, ':', 3) || '"'
        ) as body,
        null as stars,
        null as stars_max,
        comments.language,

        ---------- timestamps
        comments.answered_at as occurred_at

    from comments

    inner join responses
        on comments.response_id = responses.contract_response_id

    inner join instruments
        on comments.instrument = instruments.instrument

)

select * from final
