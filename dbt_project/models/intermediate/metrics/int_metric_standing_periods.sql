-- Grain: one role of the metrics over distinct persons x closed period that one of them names.
with

metrics as (

    select distinct
        role,
        unnest({{ placed_periods() }}) as period_kind
    from {{ ref('metrics') }}
    where kind = 'distinct'

),

final as (

    select
        metrics.role,
        periods.period_kind,
        periods.period_start,
        periods.period_end
    from metrics
    inner join {{ ref('int_metric_periods') }} as periods
        on metrics.period_kind = periods.period_kind

)

select * from final
