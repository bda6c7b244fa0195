-- Grain: one visit to one stage of a journey, with what it scored over the criteria looked at.
with

criteria as (

    select * from {{ ref('audit_visits') }}
    where visited_at <= {{ as_of() }}

),

final as (

    select
        visit_id,
        visit_kind,
        journey,
        stage,
        count(*) as criteria,
        avg(score / nullif(scale_max, 0)) as score_share,
        max(visited_at) as visited_at
    from criteria
    group by visit_id, visit_kind, journey, stage

)

select * from final
