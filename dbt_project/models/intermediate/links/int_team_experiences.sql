-- Grain: one link of the registry x wave of its employees' metric x team: what those had whom the team
-- served from the day that the wave was opened until the next one was.
-- The team is that of the agent who had the ticket, frozen as the wave opened. A share or mean is of
-- answers or tickets, a clock the natural logarithm of its median minutes: waits are told apart by
-- how many times as long they are. What nobody answered yet is longer than all that was.
with

metrics as (

    select * from {{ ref('metrics') }}

),

links as (

    select
        experience_links.*,
        metrics.event,
        metrics.role,
        metrics.scale_min,
        metrics.scale_max,
        metrics.top_from,
        metrics.bottom_to,
        metrics.unit,
        unnest(string_split(metrics.families, '|')) as family
    from {{ ref('experience_links') }} as experience_links
    inner join metrics on experience_links.cx_metric = metrics.metric

),

answers as (

    select * from {{ ref('int_survey_answers__judged') }}
    where excluded_as is null

),

-- Of a metric of employees one wave follows another, whatever else is asked in between.
waves as (

    select
        metrics.metric as ex_metric,
        answers.wave_opened_on,
        lead(answers.wave_opened_on) over (
            partition by metrics.metric
            order by answers.wave_opened_on asc
        ) as next_opened_on
    from answers
    inner join metrics
        on
            metrics.event = 'answer'
            and answers.metric_role = metrics.role
            and (metrics.scale_min is null or answers.scale_min = metrics.scale_min)
            and (metrics.scale_max is null or answers.scale_max = metrics.scale_max)
    where answers.family = 'workforce' and answers.wave_opened_on is not null
    group by metrics.metric, answers.wave_opened_on

),

tickets_of as (

    select
        ticket_id as record_id,
        ticket_id
    from {{ ref('int_tickets') }}

    union

    select
        'response:' || response_id as record_id,
        ticket_id
    from answers
    where ticket_id is not null

),

handled as (

    select
        tickets_of.record_id,
        account_persons.person_id
    from tickets_of
    inner join {{ ref('int_tickets') }} as tickets on tickets_of.ticket_id = tickets.ticket_id
    inner join {{ source('identity', 'account_persons') }} as account_persons
        on tickets.assignee_account_id = account_persons.account_id

),

events as (

    select * from {{ ref('int_metric_events__answers') }}
    union all by name
    select * from {{ ref('int_metric_events__support') }}
    union all by name
    select * from {{ ref('int_metric_events__tickets') }}

),

-- Made before it meets the waves: what is served is many times what is asked.
served as materialized (

    select
        events.event,
        events.role,
        events.family,
        events.scale_min,
        events.scale_max,
        events.audience,
        events.value,
        events.has_struck,
        events.observed_on,
        coalesce(events.person_id, events.account_id, events.record_id) as respondent_id,
        handled.person_id as agent_id
    from events
    inner join handled on events.record_id = handled.record_id
    where
        (events.event, events.role) in (
            select
                event,
                role
            from links
        )
        and events.value is not null
        and events.family <> 'workforce'
        and not coalesce(events.is_protected, false)
        and coalesce(events.feedback_kind, 'triggered') = 'triggered'

),

lived as (

    select
        links.ex_audience,
        links.ex_metric,
        links.cx_metric,
        waves.wave_opened_on,
        units.department,
        served.respondent_id,
        {{ minimum_group('audiences') }} as minimum_group,
        case
            when links.event = 'clock' and not served.has_struck then cast('infinity' as double)
            when links.top_from is null then served.value
            when served.value >= links.top_from then 1.0
            when served.value <= links.bottom_to then -1.0
            else 0.0
        end as value,
        links.event = 'clock' as is_of_clocks,
        case when links.unit in ('score', 'per_hundred') then 100.0 else 1.0 end as factor
    from served
    inner join links
        on
            served.event = links.event
            and served.role = links.role
            and served.family = links.family
            and (links.scale_min is null or served.scale_min = links.scale_min)
            and (links.scale_max is null or served.scale_max = links.scale_max)
    inner join waves
        on
            links.ex_metric = waves.ex_metric
            and served.observed_on >= waves.wave_opened_on
            and served.observed_on < waves.next_opened_on
    inner join {{ ref('int_employments__units_at_wave') }} as units
        on
            served.agent_id = units.person_id
            and waves.wave_opened_on = units.wave_opened_on
    left join {{ ref('audiences') }} as audiences on served.audience = audiences.audience
    where units.department is not null

),

final as (

    select
        ex_audience,
        ex_metric,
        cx_metric,
        wave_opened_on,
        department,
        count(distinct respondent_id) as persons,
        count(distinct respondent_id) >= max(minimum_group) as is_enough,
        case
            when not bool_or(is_of_clocks) then avg(value) * max(factor)
            when median(value) < cast('infinity' as double) then ln(greatest(median(value), 1.0))
        end as value
    from lived
    group by ex_audience, ex_metric, cx_metric, wave_opened_on, department

)

select * from final
