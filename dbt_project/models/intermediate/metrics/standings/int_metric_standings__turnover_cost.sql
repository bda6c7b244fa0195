-- Grain: one closed period x person x unit: what the leavings of that person cost.
-- The people are those of turnover, by whose years it is measured: what is hidden there is hidden here.
-- A leaving costs what is declared for the role that was left, at the rate of the day; a role of which
-- nothing is declared is not known, and nothing is while nothing is declared at all.
with

turnover as (

    select * from {{ ref('int_metric_standings__turnover') }}
    where role = 'turnover'

),

periods as (

    select * from {{ ref('int_metric_standing_periods') }}
    where role = 'turnover_cost'

),

leavings as (

    select
        stints.respondent_id,
        json_object('department', stints.last_department) as dimensions,
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

declared as (

    select count(*) = 0 as is_nothing from {{ ref('replacement_costs') }}

),

costed as (

    select
        turnover.* exclude (value) replace (periods.role as role),
        coalesce(sum(leavings.cost), 0.0) as cost,
        bool_or(declared.is_nothing or (leavings.left_on is not null and leavings.cost is null))
            as is_unknown
    from periods
    inner join turnover
        on
            periods.period_kind = turnover.period_kind
            and periods.period_start = turnover.period_start
    cross join declared
    left join leavings
        on
            turnover.respondent_id = leavings.respondent_id
            and turnover.dimensions = leavings.dimensions
            and turnover.period_start <= leavings.left_on
            and turnover.period_end > leavings.left_on
    group by all

),

final as (

    select
        role,
        audience,
        family,
        person_id,
        respondent_id,
        period_kind,
        period_start,
        period_end,
        sources,
        case when not is_unknown then cost end as value,
        exposure,
        dimensions,
        true as is_in_parts,
        is_unknown
    from costed

)

select * from final
