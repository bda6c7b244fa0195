-- Grain: one metric x audience x cut x trailing window that can not be shown beside months.
-- A window of 90 days begins a day or two beside a month: what its first days hold is had by
-- subtracting the months. Of answers they must be empty or enough on either side of that day, in
-- every segment of the cut. What an organisation did with a ticket is no answer of anybody.
with

metrics as (

    select * from {{ ref('metrics') }}
    where event in ('answer', 'stars', 'label', 'invitation')

),

windows as (

    select
        estimates.metric,
        estimates.audience,
        {{ cut_of('estimates.segment', 'metrics.segments') }} as cut,
        estimates.period_kind,
        estimates.period_start,
        max({{ minimum_group('audiences', "metrics.event = 'label'") }}) as minimum_group
    from {{ ref('int_metric_estimates') }} as estimates
    inner join metrics on estimates.metric = metrics.metric
    left join {{ ref('audiences') }} as audiences on estimates.audience = audiences.audience
    where
        estimates.period_kind like 'trailing%'
        and estimates.period_start <> date_trunc('month', estimates.period_start)
    group by all

),

observations as (

    select
        series.counted as metric,
        series.audience,
        series.segment,
        {{ cut_of('series.segment', 'metrics.segments') }} as cut,
        date_trunc('month', observations.observed_on) as month,
        observations.observed_on,
        observations.cluster_id,
        observations.value
    from {{ ref('int_metric_observations') }} as observations
    inner join {{ ref('int_metric_series') }} as series
        on observations.series_key = series.series_key
    inner join metrics on series.counted = metrics.metric
    where not observations.is_protected

),

parts as (

    select
        windows.metric,
        windows.audience,
        windows.cut,
        windows.period_kind,
        windows.period_start,
        windows.minimum_group,
        count(distinct observations.cluster_id) as respondents,
        min(observations.value) = max(observations.value) as is_uniform
    from windows
    inner join observations
        on
            windows.metric = observations.metric
            and windows.audience = observations.audience
            and windows.cut = observations.cut
            and date_trunc('month', windows.period_start) = observations.month
    group by
        windows.metric,
        windows.audience,
        windows.cut,
        windows.period_kind,
        windows.period_start,
        windows.minimum_group,
        observations.segment,
        observations.observed_on < windows.period_start

),

final as (

    select distinct
        metric,
        audience,
        cut,
        period_kind,
        period_start
    from parts
    where respondents < minimum_group or (respondents < 10 and is_uniform)

)

select * from final
