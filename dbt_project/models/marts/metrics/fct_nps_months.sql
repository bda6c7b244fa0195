-- Grain: one audience x closed month with Net Promoter answers, beside its response rate.
with

months as (

    select * from {{ ref('fct_metric_values') }}
    where period_kind = 'month' and segment = 'all'

),

final as (

    select
        scores.audience,
        scores.period_start as month,
        scores.value as nps,
        scores.low,
        scores.high,
        scores.n,
        scores.n_eff,
        scores.status,
        scores.interval_method,
        rates.value as response_rate,
        coalesce(rates.status, 'not_measured') as response_rate_status
    from months as scores
    left join months as rates
        on
            scores.audience = rates.audience
            and scores.period_start = rates.period_start
            and rates.metric = 'response_rate'
    where scores.metric = 'nps'

)

select * from final
