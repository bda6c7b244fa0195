-- Grain: one initiative, with what it should move, what came of it, and what it lacks.
with

initiatives as (

    select * from {{ ref('initiatives') }}

),

effects as (

    select * from {{ ref('fct_initiative_effects') }}

),

final as (

    select
        ---------- keys
        initiatives.initiative,
        initiatives.label,
        initiatives.pillar,
        pillars.label as pillar_label,
        initiatives.owner_role,
        coalesce(owner_roles.owner_status, 'none') as owner_status,

        ---------- what it should move
        initiatives.audiences,
        initiatives.stage,
        initiatives.metric,
        initiatives.segments,
        initiatives.compared_audiences,
        initiatives.compared_segments,
        initiatives.period_kind,
        initiatives.started_on,
        initiatives.ended_on,
        initiatives.effort_days,
        case when initiatives.effort_days is null then 'not estimated' else 'estimated' end
            as effort_status,

        ---------- what it lacks
        concat_ws(
            ', ',
            case when initiatives.pillar is null then 'no pillar' end,
            case when initiatives.metric is null then 'no metric' end,
            case
                when coalesce(owner_roles.owner_status, 'none') in ('none', 'vacant') then 'no owner'
            end
        ) as lacks,

        ---------- what came of it
        effects.periods_before,
        effects.periods_after,
        effects.units_touched,
        effects.units_compared,
        effects.before,
        effects.after,
        effects.compared_before,
        effects.compared_after,
        effects.effect,
        effects.low,
        effects.high,
        effects.p_value,
        effects.method,
        effects.pre_trend,
        effects.pre_trend_low,
        effects.pre_trend_high,
        coalesce(effects.verdict, 'no estimate') as verdict,
        case
            when initiatives.metric is null then 'nobody said what it should move'
            else effects.reason
        end as reason

    from initiatives
    left join effects on initiatives.initiative = effects.initiative
    left join {{ ref('strategy_pillars') }} as pillars on initiatives.pillar = pillars.pillar
    left join {{ ref('int_owner_roles') }} as owner_roles
        on initiatives.owner_role = owner_roles.owner_role

)

select * from final
