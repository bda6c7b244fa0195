-- Grain: one answer on ease (CES) that counts, of an identified instrument, with the effort before it.
-- Effort is how many kinds of friction had begun on the ticket that it is about; null where it is
-- about none that tells its story. What came after the answer can not explain it.
with

answers as (

    select * from {{ ref('int_survey_answers__judged') }}
    where
        excluded_as is null
        and metric_role = 'ces'
        and confidentiality = 'identified'
        and answered_at is not null

),

frictions as (

    select * from {{ ref('int_frictions') }}

),

before as (

    select
        answers.answer_id,
        count(frictions.friction_id) as kinds
    from answers
    inner join frictions
        on
            frictions.record = 'ticket'
            and answers.ticket_id = frictions.record_id
            and answers.answered_at >= frictions.begun_at
    group by answers.answer_id

),

final as (

    select
        answers.answer_id,
        answers.audience,
        coalesce(answers.person_id, answers.account_id, answers.response_id) as respondent_id,
        touchpoints.journey,
        touchpoints.stage,
        answers.answer_value as ces,
        case
            when touchpoints.touchpoint_key is not null
                then cast(coalesce(before.kinds, 0) as double)
        end as effort,
        {{ local_date('answers.answered_at') }} as answered_on
    from answers
    left join before on answers.answer_id = before.answer_id
    left join {{ ref('int_friction_touchpoints') }} as touchpoints
        on 'ticket:' || answers.ticket_id = touchpoints.touchpoint_key

)

select * from final
