-- Grain: one closed wave x instrument x question of role choice x department x code: how many chose it.
-- Departments of fewer than the minimum group are left out of what is told, and those whose department
-- nobody knows; with them the next smallest, until those left out are enough together, so that not even
-- their number can be had by subtraction.
with

answers as (

    select
        * exclude (department),
        coalesce(department, 'unknown') as department
    from {{ ref('int_culture_answers') }}
    where role = 'choice'

),

sized as (

    select
        instrument,
        period_start,
        question,
        department,
        minimum_group,
        count(distinct respondent_id) as people,
        count(distinct respondent_id) < minimum_group or department = 'unknown' as is_small
    from answers
    group by instrument, period_start, question, department, minimum_group

),

pooled as (

    select
        *,
        is_small or (
            bool_or(is_small) over whole_wave
            and coalesce(sum(people) over (
                whole_wave
                order by is_small desc, people asc, department asc
                rows between unbounded preceding and 1 preceding
            ), 0) < minimum_group
        ) as is_left_out
    from sized
    window whole_wave as (partition by instrument, period_start, question)

),

final as (

    select
        answers.instrument,
        answers.period_start,
        answers.period_end,
        answers.question,
        answers.department,
        answers.confidentiality,
        pooled.is_left_out,
        cast(answers.answer_value as bigint) as code,
        count(*) as people
    from answers
    inner join pooled
        on
            answers.instrument = pooled.instrument
            and answers.period_start = pooled.period_start
            and answers.question = pooled.question
            and answers.department = pooled.department
    group by all

)

select * from final
