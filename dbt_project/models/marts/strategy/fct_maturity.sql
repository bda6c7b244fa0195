-- Grain: one area of maturity, declared and evidenced side by side.
-- Evidenced: the highest level up to which every criterion that shows anything is met; 1 where the first
-- is not. No evidence is not level 1. Declared: the mean answer of a closed wave of the assessment
-- survey, of the minimum group or more; alone it counts for 3 at most.
with

areas as (

    select * from {{ ref('maturity_areas') }}

),

indicators as (

    select
        *,
        min(level) filter (where status = 'not met') over (partition by area) as lowest_missed
    from {{ ref('fct_maturity_indicators') }}

),

-- Between a level that is met and one that is missed there may be levels without a criterion.
evidenced as (

    select
        area,
        count(*) as indicators,
        count(*) filter (where status <> 'no evidence') as indicators_shown,
        count(*) filter (where status = 'met') as indicators_met,
        case
            when count(*) filter (where status <> 'no evidence') > 0
                then coalesce(
                    max(level) filter (
                        where status = 'met' and coalesce(level < lowest_missed, true)
                    ),
                    1
                )
        end as level_evidenced
    from indicators
    group by area

),

-- Of the last closed wave of which anything may be told.
declared as (

    select
        question as area,
        people,
        value as level_declared,
        period_start as declared_on
    from {{ ref('fct_culture') }}
    where
        instrument = 'maturity_assessment'
        and role = 'statement'
        and measure = 'mean'
        and status <> 'suppressed'
    qualify row_number() over (partition by question order by period_start desc) = 1

),

final as (

    select
        areas.area,
        areas.label,
        cast(areas.position as bigint) as position,
        declared.level_declared,
        declared.people as people_declared,
        declared.declared_on,
        cast(evidenced.level_evidenced as bigint) as level_evidenced,
        evidenced.indicators,
        evidenced.indicators_shown,
        evidenced.indicators_met,
        case
            when evidenced.level_evidenced is not null
                then cast(evidenced.level_evidenced as double)
            when declared.level_declared is not null then least(declared.level_declared, 3.0)
        end as level,
        case
            when evidenced.level_evidenced is not null then 'evidenced'
            when declared.level_declared is not null then 'declared only, 3 at most'
            else 'no evidence'
        end as basis
    from areas
    left join evidenced on areas.area = evidenced.area
    left join declared on areas.area = declared.area

)

select * from final
