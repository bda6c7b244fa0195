-- Grain: one closed period x person x unit: what the leavings of that person cost.
-- The same people as in turnover, for whoever counts there is counted here: what is hidden there is
-- hidden here. A leaving costs what is declared for the role that was left, at the rate of the day;
-- a role of which nothing is declared is not known, and nothing is while nothing is declared at all.
with

worked as (

    select * from {{ ref('int_employments__worked') }}

),

periods as (

    select * from {{ ref('int_metric_standing_periods') }}
    where role = 'turnover_cost'

),

tree as (

    select * from {{ ref('int_audiences__tree') }}
    where audience = 'employee'

),

leavings as (

    select
        stints.respondent_id,
        stints.person_id,
        stints.source,
        stints.last_department as department,
        stints.left_on,
        costs.cost * rates.rate as cost
    from {{ ref('int_employments__stints') }} as stints
    left join {{ ref('replacement_costs') }} as costs on stints.last_job_title = costs.job_title
    left join {{ ref('int_exchange_rates') }} as rates
        on
            costs.currency = rates.currency
            and stints.left_on >= rates.valid_from
            and stints.left_on < rates.valid_to
    where stints.left_on is not null and stints.leaving_kind is distinct from 'end_of_fixed_term'

),

summands as (

    select
        periods.role,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        worked.respondent_id,
        worked.person_id,
        worked.source,
        worked.department,
        0.0 as value,
        false as is_unknown,
        date_diff(
            'day',
            greatest(worked.employed_from, periods.period_start),
            least(worked.employed_to, periods.period_end)
        ) / 365.25 as exposure
    from periods
    inner join worked
        on
            periods.period_end > worked.employed_from
            and periods.period_start < worked.employed_to

    union all

    select
        periods.role,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        leavings.respondent_id,
        leavings.person_id,
        leavings.source,
        leavings.department,
        leavings.cost as value,
        leavings.cost is null as is_unknown,
        0.0 as exposure
    from periods
    inner join leavings
        on
            periods.period_start <= leavings.left_on
            and periods.period_end > leavings.left_on

),

declared as (

    select count(*) = 0 as is_nothing from {{ ref('replacement_costs') }}

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
        list(distinct summands.source) as sources,
        case
            when not bool_or(summands.is_unknown or declared.is_nothing) then sum(summands.value)
        end as value,
        sum(summands.exposure) as exposure,
        bool_or(summands.is_unknown or declared.is_nothing) as is_unknown,
        json_object('department', summands.department) as dimensions
    from summands
    cross join declared
    cross join tree
    group by all

)

select * from final
