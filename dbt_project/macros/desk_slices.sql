{#
    What a help desk's slices have in common: each vendor says what it calls a ticket and a rating,
    and these say what it is by the registries.
#}

{#
    The rest of a model that fills touchpoints, after its CTE `opened`, the openings of tickets:
    ticket_id, requester_id, kind_code, channel_code, direction, created_at. `noun` is what the
    vendor calls a ticket; `kind` and `channel` are the fields of source_codes with its codes.
#}
{% macro desk_touchpoints(source, noun, kind, channel) %}
codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = '{{ source }}'

),

final as (

    select
        ---------- ids
        '{{ source }}' as source,
        opened.ticket_id as source_record_id,
        '{{ source }}:{{ noun }}:' || opened.ticket_id as touchpoint_id,
        '{{ source }}:' || opened.requester_id as account_id,
        null as location_id,

        ---------- facts
        kinds.value as touchpoint_type,
        channels.value as channel,
        opened.direction,

        ---------- timestamps
        opened.created_at as occurred_at

    from opened

    left join codes as kinds
        on kinds.field = '{{ kind }}' and opened.kind_code = kinds.code

    left join codes as channels
        on channels.field = '{{ channel }}' and opened.channel_code = channels.code

)

select * from final
{% endmacro %}

{#
    The rest of a model that fills survey_questions, after its CTE `rated`: the source_survey_id of
    every rating. Desks word their one question themselves, and ratings do not say how; a text that
    comes with a rating is no question of its own.
#}
{% macro desk_questions(source) %}
survey_items as (

    select * from {{ ref('survey_items') }}
    where source = '{{ source }}' and metric_role <> 'comment'

),

final as (

    select
        ---------- ids
        '{{ source }}' as source,
        source_survey_id || ':' || source_question_id as source_record_id,
        concat_ws(':', '{{ source }}', source_survey_id, source_question_id) as question_id,
        '{{ source }}:' || source_survey_id as survey_id,
        instrument,

        ---------- facts
        null as question_text,
        metric_role,
        scale_min,
        scale_max,
        question_key,
        direction

    from survey_items

    where source_survey_id in (select rated.source_survey_id from rated)

)

select * from final
{% endmacro %}

{#
    The rest of a model that fills survey_answers, after its CTE `ratings`: rating_id, requester_id,
    ticket_id, source_survey_id, source_question_id, answer_value, is_test, answered_at.
#}
{% macro desk_answers(source) %}
questions as (

    {{ declared_items(source) }}

),

final as (

    select
        ---------- ids
        '{{ source }}' as source,
        ratings.rating_id as source_record_id,
        concat_ws(':', '{{ source }}', ratings.rating_id, questions.source_question_id)
            as answer_id,
        '{{ source }}:' || ratings.rating_id as response_id,
        concat_ws(
            ':', '{{ source }}', questions.source_survey_id, questions.source_question_id
        ) as question_id,
        case
            when questions.confidentiality <> 'anonymous'
                then '{{ source }}:' || ratings.requester_id
        end as account_id,
        questions.instrument,
        case
            when questions.confidentiality <> 'anonymous'
                then '{{ source }}:' || ratings.ticket_id
        end as ticket_id,

        ---------- facts
        questions.metric_role,
        questions.scale_min,
        questions.scale_max,
        questions.question_key,
        questions.direction,
        questions.confidentiality,
        ratings.answer_value,
        case when ratings.is_test then 'test' else 'complete' end as response_status,
        null as language,
        null as wave,
        null as wave_opened_on,
        null as wave_closed_on,
        null as snapshot_date,
        null as audience,
        null as attributes,
        null as weight,

        ---------- timestamps
        ratings.answered_at

    from ratings

    inner join questions
        on
            ratings.source_survey_id = questions.source_survey_id
            and ratings.source_question_id = questions.source_question_id

)

select * from final
{% endmacro %}
