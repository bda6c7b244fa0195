-- Grain: one case: a follow-up that is owed to a person for one trigger.
-- It is closed once the person has been told; what comes after the days in which it is looked for is no
-- follow-up any more. It is reopened where within as many days after that the person's ticket comes
-- back, or the person triggers another case of the same family.
with

triggers as (

    select * from {{ ref('int_loop_triggers') }}

),

reached as (

    select
        case_id,
        {%- for state in ['assigned', 'acknowledged', 'acted', 'told'] %}
            min(shown_at) filter (where state = '{{ state }}') as {{ state }}_at,
        {%- endfor %}
        max(shown_at) filter (where state = 'told') as last_told_at
    from {{ ref('int_loop_evidence') }}
    group by case_id

),

placed as (

    select
        triggers.*,
        reached.* exclude (case_id),
        triggers.detected_at + to_days(cast(triggers.follow_up_days as integer))
            as looked_until,
        {{ business_minutes_at('triggers.detected_at', 'start_day') }} as minutes_at_detection,
        {{ business_minutes_at('triggers.detected_at', 'start_day') }}
        + 60.0 * triggers.due_business_hours as minutes_at_due
    from triggers
    left join reached on triggers.case_id = reached.case_id
    left join {{ ref('int_business_days') }} as start_day
        on
            triggers.schedule = start_day.schedule
            and cast(triggers.detected_at as date) = start_day.utc_date

),

due as (

    select
        placed.*,
        {{ business_moment('placed.minutes_at_due', 'due_day') }} as due_at,
        -- Until when it is known not to be closed, where it is not.
        coalesce(placed.told_at, least(placed.looked_until, {{ as_of() }})) as waited_until
    from placed
    left join {{ ref('int_business_days__by_minutes') }} as due_day
        on {{ runs_out_in('placed.schedule', 'placed.minutes_at_due', 'due_day') }}

),

came_back as (

    select
        due.case_id,
        statuses.occurred_at,
        true as is_of_ticket
    from due
    inner join {{ ref('int_tickets__statuses') }} as statuses
        on
            due.ticket_id = statuses.ticket_id
            and due.told_at < statuses.occurred_at
            and statuses.status not in ('solved', 'closed')
            and statuses.status_before in ('solved', 'closed')

    union all

    select
        due.case_id,
        again.detected_at as occurred_at,
        false as is_of_ticket
    from due
    inner join triggers as again
        on
            due.person_id = again.person_id
            and due.family = again.family
            and due.told_at < again.detected_at

),

reopened as (

    select
        due.case_id,
        min(came_back.occurred_at) as reopened_at,
        max(came_back.occurred_at) filter (where came_back.is_of_ticket)
            as ticket_came_back_at
    from due
    inner join came_back
        on
            due.case_id = came_back.case_id
            and due.told_at + to_days(cast(due.follow_up_days as integer))
            > came_back.occurred_at
    where came_back.occurred_at <= {{ as_of() }}
    group by due.case_id

),

-- The next score of the same question, once nobody can be told any more: who was and who was not are
-- measured alike.
measured_again as (

    select
        due.case_id,
        answers.answered_at as measured_again_at,
        answers.answer_value as next_score
    from due
    inner join {{ ref('int_survey_answers__judged') }} as answers
        on
            due.trigger = 'answer'
            and due.person_id = answers.person_id
            and due.instrument = answers.instrument
            and due.role = answers.metric_role
            and due.scale_min = answers.scale_min
            and due.scale_max = answers.scale_max
            and answers.excluded_as is null
            and answers.confidentiality = 'identified'
            and due.looked_until <= answers.answered_at
            and answers.answered_at <= {{ as_of() }}
    qualify
        row_number() over (
            partition by due.case_id
            order by answers.answered_at asc, answers.answer_id asc
        ) = 1

),

final as (

    select
        ---------- ids
        due.case_id,
        due.source,
        due.person_id,
        due.account_id,
        due.ticket_id,
        due.occasion_id,
        due.instrument,

        ---------- why, as whom, whose
        due.rule,
        due.trigger,
        due.role,
        due.score,
        due.family,
        due.audience,
        due.journey,
        due.stage,
        due.owner_role,
        tickets.topic as ticket_topic,

        ---------- when
        due.detected_at,
        due.due_at,
        due.assigned_at,
        due.acknowledged_at,
        due.acted_at,
        due.told_at,
        reopened.reopened_at,
        measured_again.measured_again_at,
        due.looked_until,
        due.due_business_hours,

        ---------- how long, how it went
        date_diff('second', due.detected_at, due.waited_until) / 60.0 as waited_minutes,
        {{ business_minutes_at('due.waited_until', 'stop_day') }} - due.minutes_at_detection
            as waited_minutes_business,
        case
            when due.told_at <= due.due_at then true
            when coalesce(due.told_at, {{ as_of() }}) > due.due_at then false
        end as is_in_time,
        due.told_at is null and due.looked_until <= {{ as_of() }} as is_never_contacted,
        -- What another trigger reopened has a case of its own.
        case
            when due.told_at is null then due.looked_until > {{ as_of() }}
            else
                coalesce(reopened.ticket_came_back_at > due.last_told_at, false)
                and reopened.ticket_came_back_at
                + to_days(cast(due.follow_up_days as integer)) > {{ as_of() }}
        end as is_open,
        measured_again.next_score

    from due

    left join reopened on due.case_id = reopened.case_id

    left join measured_again on due.case_id = measured_again.case_id

    left join {{ ref('int_tickets') }} as tickets on due.ticket_id = tickets.ticket_id

    left join {{ ref('int_business_days') }} as stop_day
        on
            due.schedule = stop_day.schedule
            and cast(due.waited_until as date) = stop_day.utc_date

)

select * from final
