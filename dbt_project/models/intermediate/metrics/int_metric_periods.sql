-- Grain: one closed period, half-open, in dates of the organisation's zone.
with

clock as (

    select {{ local_date(as_of()) }} as today

),

observed as (

    select coalesce(min(observed_on), (select today from clock)) as first_day
    from {{ ref('int_metric_events') }}

),

days as (

    select cast(days.day as date) as day
    from (
        select
            unnest(generate_series(
                -- A year more than observed: there is always a closed period to be absent from.
                date_trunc(
                    'year',
                    least(greatest(observed.first_day, date '2000-01-01'), clock.today)
                ) - interval 1 year,
                cast(clock.today as timestamp),
                interval 1 day
            )) as day
        from observed cross join clock
    ) as days

),

calendar as (
    {% for kind in ['day', 'week', 'month', 'quarter', 'year'] %}
        select distinct
            '{{ kind }}' as period_kind,
            cast(date_trunc('{{ kind }}', days.day) as date) as period_start,
            cast(
                date_trunc('{{ kind }}', days.day)
                + interval {{ 3 if kind == 'quarter' else 1 }} {{ 'month' if kind == 'quarter' else kind }}
                as date
            ) as period_end
        from days
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Trailing windows end where a month ends.
trailing_windows as (
    {% for length in [28, 90, 365] %}
        select
            'trailing_{{ length }}' as period_kind,
            cast(calendar.period_end - interval {{ length }} day as date) as period_start,
            calendar.period_end
        from calendar
        where calendar.period_kind = 'month'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- What the last trailing window is compared with; it ends where no month does.
preceding_window as (

    select
        'preceding_90' as period_kind,
        cast(max(period_start) - interval 90 day as date) as period_start,
        max(period_start) as period_end
    from trailing_windows
    where
        period_kind = 'trailing_90'
        and period_end <= (select today from clock)
    having count(*) > 0

),

final as (

    select * from calendar
    union all
    select * from trailing_windows
    union all
    select * from preceding_window

)

select * from final
where period_end <= (select today from clock)
