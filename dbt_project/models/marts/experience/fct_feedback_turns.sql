-- Grain: one thing somebody said, without its text; confidential ones never come this far.
with

turns as (

    select turns.*
    from {{ ref('feedback_turns') }} as turns
    left join {{ ref('instruments') }} as instruments
        on turns.instrument = instruments.instrument
    where coalesce(instruments.confidentiality, 'identified') = 'identified'

),

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

final as (

    select
        turns.turn_id,
        turns.account_id,
        account_persons.person_id,
        turns.response_id,
        turns.ticket_id,
        turns.instrument,
        turns.feedback_kind,
        turns.stars,
        turns.language,
        length(turns.body) as characters,
        turns.occurred_at
    from turns

    left join account_persons on turns.account_id = account_persons.account_id

)

select * from final
