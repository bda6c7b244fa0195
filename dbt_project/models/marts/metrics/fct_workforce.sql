-- Grain: one closed quarter x department, and one for the whole organisation.
-- Every figure is a published one: what is hidden or missing there is hidden or missing here, and
-- its status says why. An eNPS is that of the last wave that closed in the quarter.
{%- set figures = {
    'headcount': ('headcount', 'employee'),
    'tenure_days': ('tenure', 'employee'),
    'turnover': ('turnover', 'employee'),
    'turnover_voluntary': ('turnover_voluntary', 'employee'),
    'fixed_term_ended': ('fixed_term_ended', 'employee'),
    'internal_moves': ('internal_moves', 'employee'),
    'absence_rate': ('absence_rate', 'employee'),
    'enps': ('enps', 'employee'),
    'onboarding_rate': ('onboarding_rate', 'new_hire'),
    'time_to_hire_days': ('time_to_hire_days_p50', 'candidate'),
    'offer_acceptance': ('offer_acceptance', 'candidate'),
} %}
with

metric_values as (

    select
        *,
        case
            when period_kind = 'quarter' then period_start
            -- The day after the last of a wave may be the first of the next quarter.
            else cast(date_trunc('quarter', period_end - interval 1 day) as date)
        end as quarter_start
    from {{ ref('fct_metric_values') }}
    where
        period_kind in ('quarter', 'wave')
        -- Which departments are too small to be shown differs from figure to figure.
        and segment not like '%=all others'

),

latest as (

    select * from metric_values
    qualify
        row_number() over (
            partition by metric, audience, segment, quarter_start
            -- A quarter's own figure before that of a wave in it.
            order by period_kind = 'quarter' desc, period_start desc
        ) = 1

),

quarters as (

    select
        segment,
        period_start,
        period_end,
        as_of
    from metric_values
    where metric = 'headcount' and audience = 'employee' and period_kind = 'quarter'

),

final as (

    select
        ---------- keys
        quarters.period_start as quarter_start,
        quarters.period_end as quarter_end,
        quarters.segment,
        case
            when quarters.segment <> 'all'
                then url_decode(regexp_extract(quarters.segment, '^department=(.*)$', 1))
        end as department,
        {% for name, (metric, audience) in figures.items() %}
            ---------- {{ name }}
            max(latest.value) filter (
                where latest.metric = '{{ metric }}' and latest.audience = '{{ audience }}'
            ) as {{ name }},
            {%- if name not in ('headcount', 'tenure_days') %}
                max(latest.low) filter (
                    where latest.metric = '{{ metric }}' and latest.audience = '{{ audience }}'
                ) as {{ name }}_low,
                max(latest.high) filter (
                    where latest.metric = '{{ metric }}' and latest.audience = '{{ audience }}'
                ) as {{ name }}_high,
            {%- endif %}
            coalesce(max(latest.status) filter (
                where latest.metric = '{{ metric }}' and latest.audience = '{{ audience }}'
            ), 'not_measured') as {{ name }}_status,
        {% endfor %}
        ---------- times
        max(quarters.as_of) as as_of

    from quarters
    left join latest
        on
            quarters.segment = latest.segment
            and quarters.period_start = latest.quarter_start
    group by quarters.period_start, quarters.period_end, quarters.segment

)

select * from final
