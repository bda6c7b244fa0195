-- Grain: one thing that shows somebody in a stage of a journey.
-- A source says so (a stage event), or a touchpoint was lived that the stage expects. What a source
-- says of a deal or an application is a path of its own; touchpoints of a journey are one path.
with

stages as (

    select * from {{ ref('journey_stages') }}

),

evidence as (

    select
        'stage_event' as evidence,
        'stage_event:' || stage_event_id as evidence_id,
        source,
        account_id,
        person_id,
        subject_id,
        audience,
        family,
        journey,
        stage,
        entered_at as occurred_at,
        outcome,
        -- What lies ahead of the clock has not been decided.
        case when decided_at <= {{ as_of() }} then decided_at end as decided_at
    from {{ ref('int_stage_events') }}

    union all by name

    select
        'touchpoint' as evidence,
        touchpoint_key as evidence_id,
        source,
        account_id,
        person_id,
        audience,
        family,
        journey,
        stage,
        occurred_at
    from {{ ref('int_journey_touchpoints') }}
    where is_expected

),

final as (

    select
        evidence.*,
        coalesce(evidence.person_id, evidence.account_id, evidence.subject_id) as walker_id,
        md5(concat_ws(
            ':',
            coalesce(evidence.person_id, evidence.account_id, evidence.subject_id),
            evidence.journey,
            coalesce(evidence.subject_id, '')
        )) as path_id,
        stages.position,
        stages.phase
    from evidence
    inner join stages
        on
            evidence.journey = stages.journey
            and evidence.stage = stages.stage
    where
        evidence.occurred_at <= {{ as_of() }}
        -- A touchpoint of nobody can not be followed.
        and coalesce(evidence.person_id, evidence.account_id, evidence.subject_id) is not null

)

select * from final
