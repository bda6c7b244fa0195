-- Grain: one area of maturity, declared and evidenced side by side.
-- Evidenced: the highest level up to which every criterion that shows anything is met; 1 where the first
-- is not. No evidence is not level 1. Declared: the mean answer of at least five people whom the
-- assessment survey names; alone it counts for 3 at most.
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

-- The last of each person; what is promised confidentiality is not asked here.
answers as (

    select
        question_key as area,
        coalesce(person_id, account_id) as respondent_id,
        arg_max(answer_value, answered_at) as answer_value
    from {{ ref('int_survey_answers__judged') }}
    where
        instrument = 'maturity_assessment'
        and excluded_as is null
        and confidentiality = 'identified'
        and scale_min = 1
        and scale_max = 5
    group by question_key, coalesce(person_id, account_id)

),

declared as (

    select
        area,
        count(*) as people,
        avg(answer_value) as level_declared
    from answers
    where respondent_id is not null
    group by area

),

final as (

    select
        areas.area,
        areas.label,
        cast(areas.position as bigint) as position,
        case when declared.people >= 5 then declared.level_declared end as level_declared,
        case when declared.people >= 5 then declared.people end as people_declared,
        cast(evidenced.level_evidenced as bigint) as level_evidenced,
        evidenced.indicators,
        evidenced.indicators_shown,
        evidenced.indicators_met,
        case
            when evidenced.level_evidenced is not null
                then cast(evidenced.level_evidenced as double)
            when declared.people >= 5 then least(declared.level_declared, 3.0)
        end as level,
        case
            when evidenced.level_evidenced is not null then 'evidenced'
            when declared.people >= 5 then 'declared only, 3 at most'
            else 'no evidence'
        end as basis
    from areas
    left join evidenced on areas.area = evidenced.area
    left join declared on areas.area = declared.area

)

select * from final
