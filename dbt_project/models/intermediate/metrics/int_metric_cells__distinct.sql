-- Grain: one metric x audience x segment x period, of what is counted over distinct persons.
-- Repeat: persons with at least two events of the period over persons with at least one.
with

person_periods as (

    select * from {{ ref('int_metric_person_periods') }}
    where kind = 'distinct'

),

final as (

    select
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        period_end,
        bool_or(is_protected) as is_protected,
        count(*) as persons,
        count(*) as persons_counted,
        count(*) as n,
        cast(count(*) filter (where n >= 2) as double) as total,
        cast(count(*) filter (where n >= 2) as double) as total_squares,
        count(*) filter (where n >= 2) as positives,
        0 as negatives,
        0 as weighted_n,
        cast(null as double) as weighted_mean,
        cast(null as double) as scale_min,
        cast(null as double) as scale_max,
        avg(case when n >= 2 then 1.0 else 0.0 end) as mean,
        cast(count(*) as double) as n_eff
    from person_periods
    group by all

)

select * from final
