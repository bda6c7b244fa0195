-- Grain: one gap of an audience: its missing journey, or what a stage of its journey lacks.
with

audiences as (

    select * from {{ ref('audiences') }}

),

stages as (

    select * from {{ ref('fct_stage_coverage') }}

),

lacking as (

    select
        stages.*,
        unnest(list_filter([
            case stages.owner_status when 'none' then 'no owner' when 'vacant' then 'owner vacant' end,
            case when not stages.has_target then 'no target' end,
            case when not stages.has_touchpoints then 'no touchpoint seen' end,
            case
                when not (stages.has_asked_feedback or stages.has_unsolicited_feedback)
                    then 'no feedback'
            end
        ], lambda gap: gap is not null)) as gap
    from stages

),

final as (

    select
        lacking.audience,
        lacking.journey,
        lacking.stage,
        lacking.stage_label,
        lacking.position,
        lacking.phase,
        lacking.owner_role,
        lacking.gap
    from lacking

    union all by name

    select
        audiences.audience,
        'no journey' as gap
    from audiences
    where audiences.journey is null

)

select * from final
