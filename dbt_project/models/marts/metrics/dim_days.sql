-- Grain: one closed day of the organisation's calendar.
with

periods as (

    select * from {{ ref('int_metric_periods') }}
    where period_kind = 'day'

),

final as (

    select period_start as calendar_date
    from periods

)

select * from final
