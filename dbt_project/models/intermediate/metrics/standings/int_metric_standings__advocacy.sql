-- Grain: one person x audience at the end of a period, with their acts of advocacy in it,
-- and whether they had ever bought by then.
-- Measured from the first period that begins after advocacy has been on record: before that a 0 would
-- say that nobody listened, not that nobody spoke.
with

acts as (

    select * from {{ ref('int_deeds') }}
    where activity = 'advocate'

),

records as (

    select min(happened_on) as begun_on
    from acts

),

periods as (

    select periods.*
    from {{ ref('int_metric_standing_periods') }} as periods
    cross join records
    where periods.role = 'advocacy' and periods.period_start >= records.begun_on

),

acted as (

    select
        acts.person_id,
        periods.period_kind,
        periods.period_start,
        {{ source_names('acts.source') }} as sources,
        count(*) as acts
    from acts
    inner join periods
        on
            acts.happened_on >= periods.period_start
            and acts.happened_on < periods.period_end
    group by acts.person_id, periods.period_kind, periods.period_start

),

final as (

    select
        periods.role,
        stood.audience,
        stood.family,
        stood.person_id,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        case
            when acted.sources is null then memberships.sources
            else concat_ws('|', memberships.sources, acted.sources)
        end as sources,
        cast(coalesce(acted.acts, 0) as double) as value,
        json_object('buys', {{ buys('purchases', 'periods.period_end') }}) as dimensions
    from {{ ref('int_persons__stood_as') }} as stood
    inner join periods on stood.moment = periods.period_end
    inner join {{ ref('int_persons__membership_sources') }} as memberships
        on
            stood.person_id = memberships.person_id
            and stood.audience = memberships.audience
    inner join {{ ref('int_persons__purchases') }} as purchases
        on stood.person_id = purchases.person_id
    left join acted
        on
            stood.person_id = acted.person_id
            and periods.period_kind = acted.period_kind
            and periods.period_start = acted.period_start

)

select * from final
