-- Grain: one series x period whose interval is drawn from its own persons.
-- Cluster bootstrap over persons (domain, interval rule f): in each of {{ resamples() }} draws a person
-- counts a Poisson(1) number of times, which comes of the person's smallest account and the number of
-- the draw alone, so the same persons give the same interval whatever the order of their rows and
-- whichever id they were given.
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

accounts as (

    select
        person_id,
        min(account_id) as account_id
    from {{ source('identity', 'account_persons') }}
    group by person_id

),

persons as (

    select distinct
        person_periods.cluster_id,
        coalesce(accounts.account_id, person_periods.cluster_id) as draw_key
    from person_periods
    left join accounts on person_periods.cluster_id = accounts.person_id

),

numbers as (

    select unnest(range({{ resamples() }})) as draw

),

draws as (

    select
        persons.cluster_id,
        numbers.draw,
        {{ poisson_draw('persons.draw_key', 'numbers.draw') }} as times
    from persons
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
