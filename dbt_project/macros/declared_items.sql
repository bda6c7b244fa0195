{#
    What the registries declare of a source's questions, each with its instrument: the rows of a CTE.
#}
{% macro declared_items(source) %}
    select
        survey_items.source_survey_id,
        survey_items.source_question_id,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.direction,
        survey_items.question_key,
        instruments.instrument,
        instruments.feedback_kind,
        instruments.confidentiality,
        instruments.wave_unit

    from {{ ref('survey_items') }} as survey_items

    inner join {{ ref('instruments') }} as instruments
        on survey_items.instrument = instruments.instrument

    where survey_items.source = '{{ source }}'
{% endmacro %}
