-- Grain: one thing somebody said under no promise of confidentiality, with the person behind it.
with

feedback_turns as (

    select * from {{ ref('feedback_turns') }}

),

instruments as (

    select * from {{ ref('instruments') }}

),

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

final as (

    select
        feedback_turns.*,
        account_persons.person_id
    from feedback_turns

    left join instruments on feedback_turns.instrument = instruments.instrument

    left join account_persons on feedback_turns.account_id = account_persons.account_id

    -- What an unknown instrument promised is not known, so it does not come this far.
    where feedback_turns.instrument is null or instruments.confidentiality = 'identified'

)

select * from final
