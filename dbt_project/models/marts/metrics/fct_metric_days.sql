-- Grain: one metric x audience x segment x closed day, of identified observations.
-- Daily sufficient statistics of the metrics that are added up over calendar periods; what the
-- semantic layer computes from. Inside only: no minimum group is applied to a day.
with

sums as (

    select * from {{ ref('int_metric_days') }}
    -- Confidential and anonymous answers have no day.
    where not is_protected

),

metrics as (

    select
        metric,
        -- Two questions on two scales are never one figure (domain: rating).
        event = 'answer' and role = 'rating' as is_of_one_question
    from {{ ref('metrics') }}
    where
        list_has_any(string_split(periods, '|'), ['day', 'week', 'month', 'quarter', 'year'])

),

days as (

    select * from {{ ref('dim_days') }}

),

final as (

    select
        sums.metric,
        sums.audience,
        sums.segment,
        days.calendar_date as observed_on,
        min(case when metrics.is_of_one_question then sums.first_scale end) as first_question,
        max(case when metrics.is_of_one_question then sums.last_scale end) as last_question,
        cast(count(*) filter (where sums.has_unknown) as bigint) as unknowns,
        cast(sum(sums.n) as bigint) as n,
        cast(sum(sums.exposure) as double) as exposure,
        cast(sum(sums.total) as double) as total,
        cast(sum(sums.positives) as bigint) as positives,
        cast(sum(sums.negatives) as bigint) as negatives
    from sums
    inner join metrics on sums.metric = metrics.metric
    inner join days on sums.observed_on = days.calendar_date
    where not {{ is_unlabelled('sums.segment') }}
    group by sums.metric, sums.audience, sums.segment, days.calendar_date

)

select * from final
