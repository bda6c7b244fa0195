-- Grain: one role x fan x period, with their engagement when it ended, and whether they had ever bought.
with

engagement as (

    select * from {{ ref('int_fan_engagement') }}

),

deed_sources as (

    select
        person_id,
        list(distinct source) as sources
    from {{ ref('int_deeds') }}
    where activity is not null
    group by person_id

),

final as (

    select
        periods.role,
        engagement.audience,
        'fan' as family,
        engagement.person_id,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        list_distinct(list_concat(engagement.sources, deed_sources.sources)) as sources,
        case periods.role
            when 'fan_engagement' then engagement.engagement
            when 'fan_engagement_without_purchase' then engagement.engagement_without_purchase
            when 'superfan' then cast(engagement.is_superfan as integer)
        end as value,
        json_object('buys', {{ buys('purchases', 'periods.period_end') }}) as dimensions
    from engagement
    inner join {{ ref('int_metric_standing_periods') }} as periods
        on engagement.moment = periods.period_end
    inner join {{ ref('int_persons__purchases') }} as purchases
        on engagement.person_id = purchases.person_id
    left join deed_sources on engagement.person_id = deed_sources.person_id
    where periods.role in ('fan_engagement', 'fan_engagement_without_purchase', 'superfan')

)

select * from final
