-- Grain: one answered invitation x score that its response counts for.
-- Ratings are many questions and no one score, so they are left out.
with

participation as (

    select * from {{ ref('int_survey_participation') }}
    where is_answered and confidentiality <> 'anonymous'

),

answers as (

    select * from {{ ref('int_survey_answers__judged') }}
    where excluded_as is null

),

metrics as (

    select * from {{ ref('metrics') }}
    where
        event = 'answer'
        and statistic in ('trinomial', 'proportion')
        and role <> 'rating'

),

final as (

    select
        participation.instrument,
        participation.minimum_group,
        participation.period_kind,
        participation.period_start,
        participation.invitation_id,
        metrics.metric,
        metrics.statistic,
        case when metrics.unit = 'score' then 100.0 else 1.0 end as factor,
        case
            when metrics.top_from is null then answers.answer_value
            when answers.answer_value >= metrics.top_from then 1.0
            when answers.answer_value <= metrics.bottom_to then -1.0
            else 0.0
        end as value,
        coalesce(participation.completed_at, answers.answered_at)
        - participation.sent_at as delay,
        participation.audience,
        participation.country,
        participation.department
    from participation
    inner join answers
        on
            participation.response_id = answers.response_id
            and participation.instrument = answers.instrument
    inner join metrics
        on
            answers.metric_role = metrics.role
            and answers.scale_min = metrics.scale_min
            and answers.scale_max = metrics.scale_max
            and list_contains(string_split(metrics.families, '|'), answers.family)
    -- A response that answers two questions of one role gives its first.
    qualify
        row_number() over (
            partition by participation.invitation_id, metrics.metric
            order by answers.answer_id
        ) = 1

)

select * from final
