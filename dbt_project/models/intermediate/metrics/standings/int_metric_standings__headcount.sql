-- Grain: headcount or tenure x closed period x person employed on its last day.
with

employees as (

    select
        worked.*,
        stints.hired_on as stint_hired_on
    from {{ ref('int_employments__worked') }} as worked
    inner join {{ ref('int_employments__stints') }} as stints
        on
            worked.respondent_id = stints.respondent_id
            and worked.employed_from >= stints.employed_from
            and worked.employed_from < stints.employed_to

),

periods as (

    select * from {{ ref('int_metric_standing_periods') }}
    where role in ('headcount', 'tenure')

),

tree as (

    select * from {{ ref('int_audiences__tree') }}
    where audience = 'employee'

),

final as (

    select
        periods.role,
        tree.audience,
        tree.family,
        employees.person_id,
        employees.respondent_id,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        employees.source as sources,
        -- Of whom no hire is known there is no tenure.
        case periods.role
            when 'headcount' then 1.0
            else cast(date_diff('day', employees.stint_hired_on, periods.period_end) as double)
        end as value,
        json_object('department', employees.department) as dimensions
    from periods
    inner join employees
        on
            periods.period_end > employees.employed_from
            and periods.period_end <= employees.employed_to
    cross join tree

)

select * from final
