-- Grain: one thing somebody said, without its text; confidential ones never come this far.
with

turns as (

    select * from {{ ref('int_feedback_turns') }}

),

final as (

    select
        turn_id,
        account_id,
        person_id,
        response_id,
        ticket_id,
        instrument,
        feedback_kind,
        stars,
        language,
        characters,
        occurred_at
    from turns

)

select * from final
