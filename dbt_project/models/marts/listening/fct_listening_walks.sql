-- Grain: one stage of a journey x kind of visit: mystery visits and leaders' walk-throughs.
-- Observed is what visitors of ours saw: beside what people said, and never averaged into it.
with

visits as (

    select * from {{ ref('int_audit_visits') }}

),

placed as (

    select
        *,
        row_number() over (
            partition by visit_kind, journey, stage order by visited_at desc, visit_id asc
        ) as place
    from visits

),

counted as (

    select
        visit_kind,
        journey,
        stage,
        count(*) filter (where visited_at > {{ as_of() }} - interval 365 day) as visits,
        max(visited_at) as last_visited_at,
        max(case when place = 1 then criteria end) as last_criteria,
        max(case when place = 1 then score_share end) as last_score_share
    from placed
    group by visit_kind, journey, stage

),

walked as (

    select
        visit_kind,
        journey,
        max(visited_at) as journey_last_visited_at
    from visits
    group by visit_kind, journey

),

kinds as (

    select unnest(['mystery', 'walk_through']) as visit_kind

),

final as (

    select
        ---------- keys
        stages.journey,
        stages.stage,
        kinds.visit_kind,

        ---------- the stage
        stages.stage_label,
        cast(stages.position as bigint) as position,
        stages.phase,

        ---------- what was seen
        coalesce(counted.visits, 0) as visits,
        counted.last_visited_at,
        counted.last_criteria,
        counted.last_score_share,
        date_diff('day', cast(counted.last_visited_at as date), cast({{ as_of() }} as date))
            as days_since,
        walked.journey_last_visited_at

    from {{ ref('journey_stages') }} as stages
    cross join kinds
    left join counted
        on
            stages.journey = counted.journey
            and stages.stage = counted.stage
            and kinds.visit_kind = counted.visit_kind
    left join walked
        on
            stages.journey = walked.journey
            and kinds.visit_kind = walked.visit_kind

)

select * from final
