-- Grain: one hire whose first 90 days are over, since somebody keeps record of onboarding.
-- It is completed by the end of the stage, or by entering the next one, whichever is told first.
with

hires as (

    select * from {{ ref('int_employments__stints') }}
    where
        hired_on is not null
        and date_diff('day', hired_on, {{ local_date(as_of()) }}) >= 90

),

stages as (

    select
        events.*,
        coalesce(account_persons.person_id, events.account_id) as respondent_id
    from {{ ref('stage_events') }} as events
    left join {{ source('identity', 'account_persons') }} as account_persons
        on events.account_id = account_persons.account_id
    where events.journey = 'employee' and events.stage in ('onboard', 'perform')

),

recorded as (

    select {{ local_date('min(entered_at)') }} as first_day
    from stages
    where stage = 'onboard'

),

completions as (

    select
        respondent_id,
        {{ local_date("case when stage = 'perform' then entered_at else decided_at end") }}
            as completed_on
    from stages
    where stage = 'perform' or outcome = 'won'

),

final as (

    select
        'hire' as event,
        'onboarding' as role,
        'hire:' || hires.stint_id as event_id,
        hires.source,
        tree.audience,
        tree.family,
        hires.person_id,
        hires.respondent_id as account_id,
        hires.stint_id as record_id,
        max(case
            when
                completions.completed_on >= hires.hired_on
                and date_diff('day', hires.hired_on, completions.completed_on) < 90
                then 1.0
            else 0.0
        end) as value,
        hires.hired_on as observed_on,
        '{}' as dimensions
    from hires
    inner join recorded on hires.hired_on >= recorded.first_day
    left join completions on hires.respondent_id = completions.respondent_id
    inner join {{ ref('int_audiences__tree') }} as tree
        on tree.audience = 'new_hire'
    group by all

)

select * from final
