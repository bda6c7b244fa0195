-- Grain: one stay of somebody in a stage of a journey, on one subject; half-open.
-- A stay begins with the first evidence of its stage and lasts until another stage is entered or the
-- subject is decided. Who comes back stays again. Stages entered at one instant follow one another
-- in the order of the journey, and the earlier ones last no time.
with

evidence as (

    select * from {{ ref('int_stage_evidence') }}

),

outcomes as (

    select
        path_id,
        max(outcome) as outcome,
        max(decided_at) as decided_at
    from evidence
    group by path_id

),

followed as (

    select
        *,
        lag(stage) over (
            partition by path_id
            order by occurred_at asc, position asc, evidence asc, evidence_id asc
        ) as stage_before
    from evidence

),

entered as (

    select * from followed
    where stage_before is distinct from stage

),

steps as (

    select
        *,
        row_number() over path as step,
        lead(occurred_at) over path as next_at,
        lead(position) over path as next_position
    from entered
    window path as (
        partition by path_id
        order by occurred_at asc, position asc, evidence asc, evidence_id asc
    )

),

final as (

    select
        steps.path_id,
        steps.step,
        steps.walker_id,
        steps.person_id,
        steps.account_id,
        steps.subject_id,
        steps.source,
        steps.audience,
        steps.family,
        steps.journey,
        steps.stage,
        steps.position,
        steps.phase,
        steps.evidence,
        steps.evidence_id,
        steps.occurred_at as entered_at,
        case
            when steps.next_at is not null then steps.next_at
            when
                outcomes.outcome is not null and outcomes.decided_at >= steps.occurred_at
                then outcomes.decided_at
        end as exited_at,
        case
            when steps.next_position > steps.position then 'onward'
            when steps.next_position < steps.position then 'back'
            else outcomes.outcome
        end as exit_kind
    from steps
    inner join outcomes on steps.path_id = outcomes.path_id

)

select * from final
