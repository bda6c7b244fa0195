-- Grain: one closed period x person x unit: hours absent against hours contracted.
-- Both only of days on which the person was employed and the contract's hours are known. A source
-- says nothing of what it did not keep yet: the first period begins after the first absence.
with

worked as (

    select * from {{ ref('int_employments__worked') }}
    where weekly_hours is not null

),

absences as (

    select
        events.source,
        coalesce(account_persons.person_id, events.account_id) as respondent_id,
        events.hours,
        {{ local_date('events.occurred_at') }} as absent_on
    from {{ ref('work_events') }} as events
    left join {{ source('identity', 'account_persons') }} as account_persons
        on events.account_id = account_persons.account_id
    where events.work_event_type = 'absence' and events.hours is not null

),

periods as (

    select * from {{ ref('int_metric_standing_periods') }}
    where
        role = 'absence'
        and period_start >= (select min(absent_on) from absences)

),

tree as (

    select * from {{ ref('int_audiences__tree') }}
    where audience = 'employee'

),

summands as (

    select
        periods.*,
        worked.respondent_id,
        worked.person_id,
        worked.source,
        worked.department,
        0.0 as value,
        worked.weekly_hours / 7.0 * date_diff(
            'day',
            greatest(worked.employed_from, periods.period_start),
            least(worked.employed_to, periods.period_end)
        ) as exposure
    from periods
    inner join worked
        on
            periods.period_end > worked.employed_from
            and periods.period_start < worked.employed_to

    union all

    select
        periods.*,
        worked.respondent_id,
        worked.person_id,
        absences.source,
        worked.department,
        absences.hours as value,
        0.0 as exposure
    from absences
    inner join worked
        on
            absences.respondent_id = worked.respondent_id
            and absences.absent_on >= worked.employed_from
            and absences.absent_on < worked.employed_to
    inner join periods
        on
            absences.absent_on >= periods.period_start
            and absences.absent_on < periods.period_end

),

final as (

    select
        summands.role,
        tree.audience,
        tree.family,
        summands.person_id,
        summands.respondent_id,
        summands.period_kind,
        summands.period_start,
        summands.period_end,
        {{ source_names('summands.source') }} as sources,
        sum(summands.value) as value,
        sum(summands.exposure) as exposure,
        json_object('department', summands.department) as dimensions,
        true as is_in_parts
    from summands
    cross join tree
    group by all

)

select * from final
