{#
    What a survey tool's slices have in common: each vendor says how it writes a response down, and
    these say what it is by the registries. A question that nobody declared counts nowhere and is
    counted; what was answered stays behind.
#}

{#
    The rest of a model that fills survey_answers, after its CTE `responses`: response_id, survey_id,
    account_id, ticket_id, response_status, language, answers (JSON by question), answered_at, and
    asked_at: when its mailing went out, else when it was answered. A choice that a vendor tells by a
    label or an id has its code in the registry source_codes (field `choice`), under
    `<question>:<label or id>`.
#}
{% macro survey_answers(source) %}
survey_items as (

    {{ declared_items(source) }}

),

survey_instruments as (

    select distinct
        source_survey_id,
        instrument,
        confidentiality,
        wave_unit

    from survey_items

),

answer_keys as (

    select
        response_id,
        answers,
        unnest(json_keys(answers)) as source_question_id

    from responses

),

told as (

    select
        response_id,
        source_question_id,
        json_extract_string(answers, '$."' || source_question_id || '"') as answer

    from answer_keys

),

answered as (

    select
        told.response_id,
        told.source_question_id,
        coalesce(choices.value, told.answer) as answer

    from told

    left join {{ ref('source_codes') }} as choices
        on
            choices.source = '{{ source }}'
            and choices.field = 'choice'
            and told.source_question_id || ':' || told.answer = choices.code

),

asked as (

    select
        responses.response_id,
        survey_items.source_question_id

    from responses

    inner join survey_items
        on responses.survey_id = survey_items.source_survey_id

    union

    select
        answered.response_id,
        answered.source_question_id

    from answered

),

answers as (

    select
        responses.*,
        asked.source_question_id,
        coalesce(survey_items.metric_role, 'other') as metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.direction,
        survey_items.question_key,
        survey_instruments.instrument,
        survey_instruments.confidentiality,
        case
            when survey_instruments.wave_unit = 'quarter'
                then
                    cast(
                        date_trunc('quarter', {{ local_date('responses.asked_at') }})
                        as date
                    )
        end as wave_opened_on,
        answered.answer

    from asked

    inner join responses
        on asked.response_id = responses.response_id

    inner join survey_instruments
        on responses.survey_id = survey_instruments.source_survey_id

    left join survey_items
        on
            responses.survey_id = survey_items.source_survey_id
            and asked.source_question_id = survey_items.source_question_id

    left join answered
        on
            asked.response_id = answered.response_id
            and asked.source_question_id = answered.source_question_id

),

coded as (

    select
        *,
        try_cast(answer as double) as code,
        metric_role not in ('comment', 'other') as is_scaled,
        answer <> '' as is_answered,
        coalesce(
            try_cast(answer as double) between scale_min and scale_max, false
        ) as is_on_scale

    from answers

    where answer <> '' or metric_role not in ('comment', 'other')

),

final as (

    select
        ---------- ids
        '{{ source }}' as source,
        response_id || ':' || source_question_id as source_record_id,
        '{{ source }}:' || response_id || ':' || source_question_id as answer_id,
        '{{ source }}:' || response_id as response_id,
        '{{ source }}:' || survey_id || ':' || source_question_id as question_id,
        case when confidentiality <> 'anonymous' then account_id end as account_id,
        instrument,
        case
            when confidentiality <> 'anonymous' then 'zendesk:' || ticket_id
        end as ticket_id,

        ---------- facts
        metric_role,
        scale_min,
        scale_max,
        question_key,
        direction,
        confidentiality,
        case
            when is_scaled and is_on_scale then code
        end as answer_value,
        response_status,
        nullif(lower(split_part(language, '-', 1)), '') as language,
        strftime(wave_opened_on, '%Y') || 'Q' || quarter(wave_opened_on) as wave,
        wave_opened_on,
        cast(wave_opened_on + interval 3 month as date) as wave_closed_on,
        null as snapshot_date,
        null as audience,
        case
            when is_scaled and is_answered and not is_on_scale
                then cast(json_object('outside_scale', answer) as varchar)
        end as attributes,
        null as weight,

        ---------- timestamps
        answered_at

    from coded

)

select * from final
{% endmacro %}

{#
    The rest of a model that fills survey_questions, after its CTE `questions` (survey_id,
    question_id, answer_key: under which its answers stand, question_text). A matrix is asked once and
    answered under one key a row, which begins with the question's id.
#}
{% macro survey_questions(source) %}
survey_items as (

    select * from {{ ref('survey_items') }}
    where source = '{{ source }}'

),

survey_instruments as (

    select distinct
        source_survey_id,
        instrument

    from survey_items

),

mapped as (

    select
        questions.survey_id,
        questions.question_text,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.question_key,
        survey_items.direction,
        coalesce(survey_items.source_question_id, questions.answer_key) as answer_key

    from questions

    left join survey_items
        on
            questions.survey_id = survey_items.source_survey_id
            and (
                questions.question_id = survey_items.source_question_id
                or starts_with(
                    survey_items.source_question_id, questions.question_id || '_'
                )
            )

),

final as (

    select
        ---------- ids
        '{{ source }}' as source,
        mapped.survey_id || ':' || mapped.answer_key as source_record_id,
        '{{ source }}:' || mapped.survey_id || ':' || mapped.answer_key as question_id,
        '{{ source }}:' || mapped.survey_id as survey_id,
        survey_instruments.instrument,

        ---------- facts
        mapped.question_text,
        coalesce(mapped.metric_role, 'other') as metric_role,
        mapped.scale_min,
        mapped.scale_max,
        mapped.question_key,
        mapped.direction

    from mapped

    left join survey_instruments
        on mapped.survey_id = survey_instruments.source_survey_id

)

select * from final
{% endmacro %}

{#
    The rest of a model that fills feedback_turns, after its CTEs `answers` (those of the vendor) and
    `responses` (response_id, answers: JSON by question).
#}
{% macro survey_comments(source) %}
comments as (

    select * from answers
    where metric_role = 'comment' and response_status in ('complete', 'partial')

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
        on comments.response_id = '{{ source }}:' || responses.response_id

    inner join instruments
        on comments.instrument = instruments.instrument

)

select * from final
{% endmacro %}
