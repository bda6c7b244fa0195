-- Every answer that came is counted or excluded once, and what is counted is what metrics read.
{{ config(meta={'dagster': {'ref': {'name': 'int_survey_answer_exclusions'}}}) }}
with

received as (

    select
        instrument,
        count(*) as answers
    from {{ ref('int_survey_answers') }}
    group by instrument

),

accounted as (

    select
        instrument,
        sum(answers) as answers,
        coalesce(sum(answers) filter (where outcome = 'counted'), 0) as counted
    from {{ ref('int_survey_answer_exclusions') }}
    group by instrument

),

read_by_metrics as (

    select
        answers.instrument,
        count(*) as answers
    from {{ ref('int_survey_answers') }} as answers
    inner join {{ ref('int_metric_events') }} as events
        on events.event_id = 'answer:' || answers.answer_id
    group by answers.instrument

)

select
    coalesce(received.instrument, accounted.instrument) as instrument,
    received.answers as received,
    accounted.answers as accounted,
    accounted.counted,
    read_by_metrics.answers as read_by_metrics
from received
full join accounted on received.instrument is not distinct from accounted.instrument
left join read_by_metrics on received.instrument is not distinct from read_by_metrics.instrument
where
    received.answers is distinct from accounted.answers
    or accounted.counted is distinct from coalesce(read_by_metrics.answers, 0)
