-- Grain: one case: a follow-up owed to a person for one trigger, or to a group for one figure.
-- Of a confidential instrument a published figure of a unit opens a case and nothing else does: what was
-- hidden, or is not told yet, is not known here either. No source shows what was done for a group.
with

person_cases as (

    select * from {{ ref('int_loop_cases') }}

),

-- What people wrote beside their score, where the ticket does not say what it was about.
written as (

    select
        coalesce(turns.response_id, turns.turn_id) as occasion_id,
        min(labels.label) as label
    from {{ ref('int_feedback_turns') }} as turns
    inner join {{ ref('int_feedback_labels') }} as labels
        on turns.turn_id = labels.turn_id and labels.label_kind = 'topic'
    group by coalesce(turns.response_id, turns.turn_id)

),

persons as (

    select
        person_cases.*,
        coalesce(person_cases.ticket_topic, written.label) as root_cause,
        case
            when person_cases.ticket_topic is not null then 'ticket'
            when written.label is not null then 'label'
        end as root_cause_by,
        case
            when person_cases.told_at is not null and person_cases.measured_again_at is not null
                then 're_measured'
            when person_cases.told_at is not null then 'told'
            when person_cases.acted_at is not null then 'acted'
            when person_cases.acknowledged_at is not null then 'acknowledged'
            when person_cases.assigned_at is not null then 'assigned'
            else 'detected'
        end as state,
        case
            when person_cases.told_at is not null and person_cases.is_in_time then 'in_time'
            when person_cases.told_at is not null then 'late'
            when person_cases.is_never_contacted then 'never_contacted'
            when not person_cases.is_in_time then 'overdue'
            else 'open'
        end as outcome
    from person_cases
    left join written on person_cases.occasion_id = written.occasion_id

),

figures as (

    select
        metric_values.metric,
        metric_values.audience,
        metric_values.segment,
        metric_values.period_start,
        metric_values.value,
        {{ utc_time('metric_values.period_end') }} as known_at,
        lead(metric_values.value) over series as next_value,
        {{ utc_time('lead(metric_values.period_end) over series') }} as next_known_at
    from {{ ref('fct_metric_values') }} as metric_values
    where
        metric_values.period_kind = 'wave'
        and metric_values.segment <> 'all'
        -- Those that are too small to be shown are no unit, and others from wave to wave.
        and metric_values.segment not like '%=all others'
        and metric_values.status in ('ok', 'low_n')
    window
        series as (
            partition by metric_values.metric, metric_values.audience, metric_values.segment
            order by metric_values.period_start asc
        )

),

groups as (

    select
        rules.rule,
        rules.trigger,
        rules.role,
        rules.schedule,
        rules.due_business_hours,
        rules.follow_up_days,
        audiences.family,
        audiences.instrument,
        coalesce(rules.owner_role, audiences.owner_role) as owner_role,
        figures.*,
        {{ business_minutes_at('figures.known_at', 'start_day') }}
        + 60.0 * rules.due_business_hours as minutes_at_due
    from {{ ref('case_rules') }} as rules
    inner join figures
        on
            rules.role = figures.metric
            and rules.trigger = 'figure'
            and rules.at_most >= figures.value
            and (rules.audience is null or rules.audience = figures.audience)
    inner join {{ ref('audiences') }} as audiences
        on
            figures.audience = audiences.audience
            and list_contains(string_split(rules.families, '|'), audiences.family)
            and not audiences.is_minor
    inner join {{ ref('instruments') }} as instruments
        on
            audiences.instrument = instruments.instrument
            and instruments.confidentiality = 'confidential'
    left join {{ ref('int_business_days') }} as start_day
        on
            rules.schedule = start_day.schedule
            and cast(figures.known_at as date) = start_day.utc_date

),

of_groups as (

    select
        concat_ws(
            ':', groups.trigger, groups.metric, groups.audience, groups.segment,
            groups.period_start
        ) as case_id,
        groups.instrument,
        groups.rule,
        groups.trigger,
        groups.role,
        groups.value as score,
        groups.family,
        groups.audience,
        groups.segment as unit,
        groups.owner_role,
        groups.known_at as detected_at,
        {{ business_moment('groups.minutes_at_due', 'due_day') }} as due_at,
        groups.next_known_at as measured_again_at,
        groups.next_value as next_score,
        groups.known_at + to_days(cast(groups.follow_up_days as integer)) > {{ as_of() }}
            as is_open,
        case when groups.next_known_at is null then 'detected' else 're_measured' end as state
    from groups
    left join {{ ref('int_business_days__by_minutes') }} as due_day
        on {{ runs_out_in('groups.schedule', 'groups.minutes_at_due', 'due_day') }}

),

cases as (

    select * from persons
    union all by name
    select * from of_groups

),

final as (

    select
        ---------- keys
        cases.case_id,
        cases.person_id,
        cases.unit,
        cases.ticket_id,

        ---------- why, as whom, whose
        cases.rule,
        cases.trigger,
        cases.instrument,
        cases.role,
        cases.score,
        cases.family,
        cases.audience,
        cases.journey,
        cases.stage,
        cases.owner_role,
        coalesce(owner_roles.owner_status, 'none') as owner_status,
        cases.root_cause,
        cases.root_cause_by,

        ---------- how far it came, and how it went
        cases.state,
        cases.outcome,
        cases.is_open,
        cases.is_in_time,
        cases.is_never_contacted,
        cases.reopened_at is not null as is_reopened,
        cases.waited_minutes,
        cases.waited_minutes_business,
        cases.next_score,

        ---------- timestamps
        cases.detected_at,
        cases.due_at,
        cases.assigned_at,
        cases.acknowledged_at,
        cases.acted_at,
        cases.told_at,
        cases.reopened_at,
        cases.measured_again_at

    from cases

    left join {{ ref('int_owner_roles') }} as owner_roles
        on cases.owner_role = owner_roles.owner_role

)

select * from final
