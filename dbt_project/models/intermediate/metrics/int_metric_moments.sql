-- Grain: one first day of a month, at whose beginning it is asked how people stand.
with

months as (

    select * from {{ ref('int_metric_periods') }}
    where period_kind = 'month'

),

final as (

    select period_start as moment
    from months

    union

    select period_end as moment
    from months

)

select * from final
