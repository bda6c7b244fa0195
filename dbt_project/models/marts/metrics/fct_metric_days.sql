-- Grain: one metric x audience x segment x question x closed day, of identified observations.
-- Daily sufficient statistics of the metrics that are added up over calendar periods; what the
-- semantic layer computes from. Inside only: no minimum group is applied to a day.
with

person_days as (

    select * from {{ ref('int_metric_person_days') }}
    -- Confidential and anonymous answers have no day.
    where not is_protected

),

metrics as (

    select * from {{ ref('metrics') }}
    where
        kind = 'additive'
        and list_has_any(
            string_split(periods, '|'), ['day', 'week', 'month', 'quarter', 'year']
        )

),

days as (

    select * from {{ ref('dim_days') }}

),

final as (

    select
        person_days.metric,
        person_days.audience,
        person_days.segment,
        -- Two questions on two scales are never one figure (domain: rating).
        case
            when metrics.statistic = 'bounded_mean' and metrics.scale_min is null
                then person_days.scale_key
        end as question,
        days.calendar_date as observed_on,
        cast(sum(person_days.n) as bigint) as n,
        cast(sum(person_days.exposure) as double) as exposure,
        cast(sum(person_days.total) as double) as total,
        cast(sum(person_days.positives) as bigint) as positives,
        cast(sum(person_days.negatives) as bigint) as negatives
    from person_days
    inner join metrics on person_days.metric = metrics.metric
    inner join days on person_days.observed_on = days.calendar_date
    where not {{ is_unlabelled('person_days.segment') }}
    group by all

)

select * from final
