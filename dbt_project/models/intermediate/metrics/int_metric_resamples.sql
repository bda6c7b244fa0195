-- Grain: one series x period whose interval is drawn from its own persons.
-- Cluster bootstrap over persons (domain, interval rule f): in each of {{ resamples() }} draws a person
-- counts a Poisson(1) number of times, which comes of the smallest of the person's accounts and the
-- number of the draw alone: a person's own id is drawn by lot, their accounts are the sources'. So
-- the same people give the same interval, in whatever order their records came.
with

wanted as (

    select
        cells.series_key,
        cells.period_key
    from {{ ref('int_metric_cells__summed') }} as cells
    inner join {{ ref('metrics') }} as metrics
        on
            cells.metric = metrics.metric
            and metrics.interval_method = 'cluster_bootstrap'

),

person_periods as (

    {{ person_periods('wanted') }}

),

smallest_accounts as (

    select
        person_id,
        min(account_id) as account_id
    from {{ source('identity', 'account_persons') }}
    group by person_id

),

persons as (

    select distinct cluster_id
    from person_periods

),

numbers as (

    select unnest(range({{ resamples() }})) as draw

),

draws as (

    select
        persons.cluster_id,
        numbers.draw,
        {{ poisson_draw(
            'coalesce(smallest_accounts.account_id, persons.cluster_id)', 'numbers.draw'
        ) }} as times
    from persons
    left join smallest_accounts on persons.cluster_id = smallest_accounts.person_id
    cross join numbers

),

drawn as (

    select
        person_periods.series_key,
        person_periods.period_key,
        draws.draw,
        sum(person_periods.total * draws.times)
        / nullif(sum(person_periods.exposure * draws.times), 0) as ratio
    from person_periods
    inner join draws on person_periods.cluster_id = draws.cluster_id
    group by person_periods.series_key, person_periods.period_key, draws.draw

),

final as (

    select
        series_key,
        period_key,
        quantile_cont(ratio, 0.025) as low,
        quantile_cont(ratio, 0.975) as high,
        stddev_samp(ratio) as std_error
    from drawn
    group by series_key, period_key

)

select * from final
