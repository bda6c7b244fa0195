-- Grain: one series x period whose interval is drawn from its own persons.
-- Cluster bootstrap over persons (domain, interval rule f): in each of {{ resamples() }} draws a person
-- counts a Poisson(1) number of times, which comes of the smallest of the person's accounts and the
-- number of the draw alone: a person's own id is drawn by lot, their accounts are the sources'. So
-- the same people give the same interval, in whatever order their records came.
with

wanted as (

    select
        cells.metric,
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

    select distinct
        person_periods.cluster_id,
        coalesce(smallest_accounts.account_id, person_periods.cluster_id) as drawn_by
    from person_periods
    left join smallest_accounts on person_periods.cluster_id = smallest_accounts.person_id

),

-- The draws of a person stand in a list, and one column sums each: as rows they would be hundreds for
-- every person of every cell. What stands for a draw is written once, not for each person.
draws as (

    select
        cluster_id,
        list_transform(
            list_transform(
                list_transform(range({{ resamples() }}), lambda draw: ':' || draw),
                lambda of_draw: md5(drawn_by || of_draw)
            ),
            lambda lot: cast({{ poisson_draw('lot') }} as double)
        ) as times
    from persons

),

-- Most people stand with nothing, which adds nothing in any draw.
totals as (

    select
        person_periods.series_key,
        person_periods.period_key,
        {{ drawn_sums('person_periods.total') }} as sums
    from person_periods
    inner join draws on person_periods.cluster_id = draws.cluster_id
    where person_periods.total <> 0
    group by person_periods.series_key, person_periods.period_key

),

-- What they stand against is the same for most, period by period: in a series those who are alike are
-- drawn as one. Hashed twice, for of two values the hash is one of each put together, so that who has
-- them the other way round would be alike. (Of a million persons who differ, two have one number once
-- in 10^7 builds.)
stances as (

    select
        series_key,
        cluster_id,
        bit_xor(hash(hash(period_key, exposure))) as stance
    from person_periods
    where exposure <> 0
    group by series_key, cluster_id

),

alike as (

    select
        stances.series_key,
        min(stances.cluster_id) as cluster_id,
        {{ drawn_sums('1') }} as times
    from stances
    inner join draws on stances.cluster_id = draws.cluster_id
    group by stances.series_key, stances.stance

),

exposures as (

    select
        person_periods.series_key,
        person_periods.period_key,
        {{ drawn_sums('person_periods.exposure') }} as sums
    from person_periods
    inner join alike as draws
        on
            person_periods.series_key = draws.series_key
            and person_periods.cluster_id = draws.cluster_id
    where person_periods.exposure <> 0
    group by person_periods.series_key, person_periods.period_key

),

numbers as (

    select unnest(range(1, {{ resamples() }} + 1)) as number

),

drawn as (

    select
        exposures.series_key,
        exposures.period_key,
        coalesce(totals.sums[numbers.number], 0.0)
        / nullif(exposures.sums[numbers.number], 0) as ratio
    from exposures
    cross join numbers
    left join totals
        on
            exposures.series_key = totals.series_key
            and exposures.period_key = totals.period_key

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
