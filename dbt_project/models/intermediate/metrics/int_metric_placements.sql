-- Grain: one anchor (a day, wave or snapshot, protected or not) of a metric x period it counts in.
-- Confidential and anonymous answers count in closed waves, else quarters, and nowhere else.
with

uses as (

    select distinct
        metric,
        curve,
        periods
    from {{ ref('int_metric_uses') }}

),

waits as (

    select distinct
        series.counted as curve,
        waits.anchor_key,
        waits.is_protected,
        waits.observed_on,
        waits.wave_opened_on,
        waits.wave_closed_on,
        waits.snapshot_date
    from {{ ref('int_metric_waits') }} as waits
    inner join {{ ref('int_metric_series') }} as series on waits.series_key = series.series_key

),

anchors as (

    select distinct
        metric,
        anchor_key,
        is_protected,
        observed_on,
        wave_opened_on,
        wave_closed_on,
        snapshot_date
    from {{ ref('int_metric_days') }}

    union all

    select
        uses.metric,
        waits.anchor_key,
        waits.is_protected,
        waits.observed_on,
        waits.wave_opened_on,
        waits.wave_closed_on,
        waits.snapshot_date
    from waits
    inner join uses on waits.curve = uses.curve

),

metrics as (

    select
        metric,
        periods
    from uses

),

by_date as (

    select
        anchors.*,
        periods.period_kind,
        periods.period_start,
        periods.period_end
    from anchors
    inner join metrics on anchors.metric = metrics.metric
    inner join {{ ref('int_metric_periods') }} as periods
        on
            list_contains(metrics.periods, periods.period_kind)
            and anchors.observed_on >= periods.period_start
            and anchors.observed_on < periods.period_end
    where
        not anchors.is_protected
        or (anchors.wave_opened_on is null and periods.period_kind = 'quarter')

),

-- Waves that open on one day are one period, closed when the last of them is.
waves as (

    select
        metric,
        wave_opened_on,
        max(coalesce(wave_closed_on, date '9999-12-31')) as wave_closed_on
    from anchors
    where wave_opened_on is not null
    group by metric, wave_opened_on

),

by_wave as (

    select
        anchors.*,
        'wave' as period_kind,
        waves.wave_opened_on as period_start,
        waves.wave_closed_on as period_end
    from anchors
    inner join metrics on anchors.metric = metrics.metric
    inner join waves
        on
            anchors.metric = waves.metric
            and anchors.wave_opened_on = waves.wave_opened_on
    where
        list_contains(metrics.periods, 'wave')
        and waves.wave_closed_on <= {{ local_date(as_of()) }}

),

by_snapshot as (

    select
        anchors.*,
        'snapshot' as period_kind,
        anchors.snapshot_date as period_start,
        cast(anchors.snapshot_date + interval 1 day as date) as period_end
    from anchors
    inner join metrics on anchors.metric = metrics.metric
    where
        list_contains(metrics.periods, 'snapshot')
        and anchors.snapshot_date <= {{ local_date(as_of()) }}

),

placed as (

    select * from by_date
    union all
    select * from by_wave
    union all
    select * from by_snapshot

),

final as (

    select
        *,
        {{ period_key('period_kind', 'period_start') }} as period_key
    from placed

)

select * from final
