-- Grain: one audience x year x class of the NPS answer: what promoters, passives and detractors did in
-- the 365 days after.
-- Of identified answers of adults, the last of a person in the year; cohorts whose year after is over.
-- Retention is of those active as the month of the answer ended, seen twelve months later; revenue is
-- net of refunds to date. An association: whoever buys is asked, and whoever likes us buys.
with

answers as (

    select
        answers.person_id,
        answers.audience,
        answers.family,
        answers.answer_id,
        answers.answer_value,
        answers.answered_at,
        {{ local_date('answers.answered_at') }} as answered_on
    from {{ ref('int_survey_answers__judged') }} as answers
    inner join {{ ref('int_persons') }} as persons on answers.person_id = persons.person_id
    where
        answers.excluded_as is null
        and answers.confidentiality = 'identified'
        and answers.metric_role = 'nps'
        and answers.scale_min = 0
        and answers.scale_max = 10
        and not persons.is_minor
        and not persons.is_workforce

),

last_answers as (

    select
        person_id,
        audience,
        family,
        cast(date_trunc('year', answered_on) as date) as period_start,
        -- Of one instant one answer, the same each time.
        arg_max(answer_value, { 'at': answered_at, 'id': answer_id }) as answer_value,
        max(answered_on) as answered_on
    from answers
    group by person_id, audience, family, cast(date_trunc('year', answered_on) as date)

),

cohorts as (

    select
        *,
        case
            when answer_value >= 9 then 'promoter'
            when answer_value >= 7 then 'passive'
            else 'detractor'
        end as answer_class,
        cast(period_start + interval 1 year as date) as period_end,
        {{ month_after('answered_on') }} as stood_on
    from last_answers
    where cast(period_start + interval 1 year as date) + 365 <= {{ local_date(as_of()) }}

),

active as (

    select * from {{ ref('int_persons__active') }}

),

-- Since when a family's orders are on record at all.
records as (

    select
        family,
        min(ordered_on) as since
    from {{ ref('int_orders__money') }}
    group by family

),

revenue as (

    select
        cohorts.person_id,
        cohorts.audience,
        cohorts.period_start,
        sum(orders.net_revenue) as revenue,
        count(*) filter (where orders.net_revenue is null) > 0 as has_unknown
    from cohorts
    inner join {{ ref('int_orders__money') }} as orders
        on
            cohorts.person_id = orders.person_id
            and cohorts.answered_on < orders.ordered_on
            and cohorts.answered_on + 365 >= orders.ordered_on
    group by cohorts.person_id, cohorts.audience, cohorts.period_start

),

people as (

    select
        cohorts.*,
        records.since is not null and records.since <= cohorts.answered_on as has_records,
        at_start.person_id is not null as is_active,
        at_start.person_id is not null and after_a_year.person_id is not null as is_retained,
        coalesce(revenue.revenue, 0.0) as revenue,
        coalesce(revenue.has_unknown, false) as has_unknown
    from cohorts
    left join records on cohorts.family = records.family
    left join active as at_start
        on
            cohorts.person_id = at_start.person_id
            and cohorts.family = at_start.family
            and cohorts.stood_on = at_start.moment
    left join active as after_a_year
        on
            cohorts.person_id = after_a_year.person_id
            and cohorts.family = after_a_year.family
            and cohorts.stood_on + interval 1 year = after_a_year.moment
    left join revenue
        on
            cohorts.person_id = revenue.person_id
            and cohorts.audience = revenue.audience
            and cohorts.period_start = revenue.period_start

),

counted as (

    select
        audience,
        period_start,
        period_end,
        answer_class,
        count(*) as people,
        count(*) filter (where is_active) as people_active,
        count(*) filter (where is_retained) as people_retained,
        avg(revenue) as revenue,
        stddev_samp(revenue) / sqrt(count(*)) as revenue_error,
        bool_and(has_records) as has_records,
        bool_or(has_unknown) as has_unknown
    from people
    group by audience, period_start, period_end, answer_class

),

-- What is hidden of the score is hidden here; and with one class of a handful all, for the score says
-- how many there are in all. So it is with those who were active.
hidden as (

    select distinct
        audience,
        period_start
    from {{ ref('fct_metric_values') }}
    where
        metric = 'nps'
        and period_kind = 'year'
        and segment = 'all'
        and status = 'suppressed'

),

sized as (

    select
        counted.*,
        people_retained / nullif(people_active, 0) as retention,
        {{ minimum_group('audiences') }} as minimum_group,
        hidden.audience is not null as is_hidden,
        min(people) over cohort as fewest_people,
        min(nullif(people_active, 0)) over cohort as fewest_active
    from counted
    left join {{ ref('audiences') }} as audiences on counted.audience = audiences.audience
    left join hidden
        on
            counted.audience = hidden.audience
            and counted.period_start = hidden.period_start
    window cohort as (partition by counted.audience, counted.period_start)

),

judged as (

    select
        *,
        case
            when is_hidden or fewest_people < minimum_group then 'suppressed'
            when people < 30 then 'low_n'
            else 'ok'
        end as status,
        case
            when is_hidden or fewest_people < minimum_group or fewest_active < minimum_group
                then 'suppressed'
            when people_active = 0 then 'not_measured'
            when people_active < 30 then 'low_n'
            else 'ok'
        end as retention_status
    from sized

),

final as (

    select
        ---------- keys
        audience,
        period_start,
        period_end,
        answer_class,

        ---------- who stayed, of those who were active
        case when status <> 'suppressed' then people end as people,
        {%- set has_retention = "retention_status <> 'suppressed'" %}
        case when {{ has_retention }} then people_active end as people_active,
        case when {{ has_retention }} then retention end as retention,
        case
            when {{ has_retention }} then {{ wilson('-', 'retention', 'people_active') }}
        end as retention_low,
        case
            when {{ has_retention }} then {{ wilson('+', 'retention', 'people_active') }}
        end as retention_high,
        retention_status,

        ---------- what they spent; null where money is not on record or a part of it not known
        {%- set is_told = "status <> 'suppressed' and has_records and not has_unknown" %}
        case when {{ is_told }} then revenue end as revenue,
        case when {{ is_told }} then revenue - 1.959964 * revenue_error end as revenue_low,
        case when {{ is_told }} then revenue + 1.959964 * revenue_error end as revenue_high,
        'association, not cause' as basis,
        status

    from judged

)

select * from final
