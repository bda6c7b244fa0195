-- Grain: one training x employee who completed it, with the first day on which they did.
with

completed as (

    select
        events.value as training,
        coalesce(account_persons.person_id, events.account_id) as respondent_id,
        {{ local_date('events.occurred_at') }} as completed_on
    from {{ ref('work_events') }} as events
    left join {{ source('identity', 'account_persons') }} as account_persons
        on events.account_id = account_persons.account_id
    where
        events.work_event_type = 'training'
        and events.value is not null
        and events.occurred_at <= {{ as_of() }}

),

final as (

    select
        training,
        respondent_id,
        min(completed_on) as completed_on
    from completed
    group by training, respondent_id

)

select * from final
