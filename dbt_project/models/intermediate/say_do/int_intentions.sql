-- Grain: one person x intention x audience x quarter: what they said first in it, and whether they did.
-- The window is the days after that of the answer: what was done on the day itself may have been done
-- before. A renewal is a contract that runs as the window ends; everything else a deed within it. Of
-- identified instruments that asked, and of people who are known: others can not be followed.
with

intentions as (

    select * from {{ ref('intentions') }}

),

answers as (

    select
        answers.*,
        {{ local_date('answers.answered_at') }} as answered_on
    from {{ ref('int_survey_answers__judged') }} as answers
    left join {{ ref('instruments') }} as instruments
        on answers.instrument = instruments.instrument
    where
        answers.excluded_as is null
        and answers.confidentiality = 'identified'
        and answers.person_id is not null
        and answers.answered_at <= {{ as_of() }}
        and coalesce(instruments.feedback_kind, 'triggered') = 'triggered'

),

said as (

    select
        intentions.intention,
        intentions.deed,
        answers.answer_id,
        answers.person_id,
        answers.audience,
        answers.answer_value >= intentions.said_from as said,
        cast(date_trunc('quarter', answers.answered_on) as date) as period_start,
        answers.answered_on,
        answers.answered_on + cast(intentions.window_days as integer) as window_ends_on
    from answers
    inner join intentions
        on
            answers.metric_role = intentions.metric_role
            and (
                intentions.question_key is null
                or answers.question_key = intentions.question_key
            )
    qualify
        row_number() over (
            partition by
                intentions.intention, answers.person_id, answers.audience,
                date_trunc('quarter', answers.answered_on)
            order by answers.answered_at asc, answers.answer_id asc
        ) = 1

),

done as (

    select distinct said.answer_id
    from said
    inner join {{ ref('int_intention_deeds') }} as deeds
        on
            said.person_id = deeds.person_id
            and said.deed = deeds.deed
            and said.answered_on < deeds.happened_on
            and said.window_ends_on >= deeds.happened_on

    union

    select distinct said.answer_id
    from said
    inner join {{ ref('int_memberships') }} as memberships
        on
            said.person_id = memberships.person_id
            and said.deed = 'renewal'
            and said.window_ends_on
            >= coalesce({{ local_date('memberships.valid_from') }}, date '0001-01-01')
            and said.window_ends_on
            < coalesce({{ local_date('memberships.valid_to') }}, date '9999-12-31')
    inner join {{ ref('contract_audiences') }} as contract_audiences
        on memberships.audience = contract_audiences.audience

),

final as (

    select
        said.intention || ':' || said.answer_id as said_id,
        said.*,
        done.answer_id is not null as did
    from said
    left join done on said.answer_id = done.answer_id

)

select * from final
