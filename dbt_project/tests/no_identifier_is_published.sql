-- A column that names, reaches or joins a person directly must never be in what leaves.
-- depends_on: {{ ref('pub_audience_coverage') }}
-- depends_on: {{ ref('pub_audiences') }}
-- depends_on: {{ ref('pub_friction') }}
-- depends_on: {{ ref('pub_friction_effort') }}
-- depends_on: {{ ref('pub_identity_quality') }}
-- depends_on: {{ ref('pub_journey_balance') }}
-- depends_on: {{ ref('pub_journey_funnel') }}
-- depends_on: {{ ref('pub_journey_gaps') }}
-- depends_on: {{ ref('pub_listening_balance') }}
-- depends_on: {{ ref('pub_listening_outcomes') }}
-- depends_on: {{ ref('pub_listening_tone') }}
-- depends_on: {{ ref('pub_listening_walks') }}
-- depends_on: {{ ref('pub_metric_changes') }}
-- depends_on: {{ ref('pub_metric_values') }}
-- depends_on: {{ ref('pub_metrics') }}
-- depends_on: {{ ref('pub_rating_distribution') }}
-- depends_on: {{ ref('pub_say_do') }}
-- depends_on: {{ ref('pub_source_health') }}
-- depends_on: {{ ref('pub_sources') }}
-- depends_on: {{ ref('pub_survey_exclusions') }}
-- depends_on: {{ ref('pub_survey_nonresponse') }}
-- depends_on: {{ ref('pub_touchpoints') }}
-- depends_on: {{ ref('pub_workforce') }}
{{ config(meta={
    'dagster': {'ref': {'name': 'pub_metric_values'}},
    'classes': {'table_name': 'none', 'column_name': 'none'},
}) }}
select
    table_name,
    column_name
from {{ published_columns(ref('pub_touchpoints')) }}
where
    regexp_matches(
        column_name,
        '(^|_)(name|email|phone|address|street|postcode|birth_date|person_id|account_id'
        || '|employee_number|member_number|external_id|ip|body|text|comment|answer_value)$'
    )
