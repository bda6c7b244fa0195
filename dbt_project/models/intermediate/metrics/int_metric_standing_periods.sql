-- Grain: one role of the metrics over distinct persons x closed period that one of them names.
with

uses as (

    select
        role,
        asks_for_persons,
        unnest(periods) as period_kind
    from {{ ref('int_metric_uses') }}
    where kind = 'distinct'

),

roles as (

    select
        role,
        period_kind,
        bool_or(asks_for_persons) as asks_for_persons
    from uses
    group by role, period_kind

),

final as (

    select
        roles.role,
        roles.asks_for_persons,
        periods.period_kind,
        periods.period_start,
        periods.period_end
    from roles
    inner join {{ ref('int_metric_periods') }} as periods
        on roles.period_kind = periods.period_kind

)

select * from final
