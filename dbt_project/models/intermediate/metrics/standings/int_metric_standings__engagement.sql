-- Grain: one role x fan x period, with their engagement when it ended, and whether they had ever bought.
with

deed_sources as (

    select
        person_id,
        {{ source_names('source') }} as sources
    from {{ ref('int_deeds') }}
    where activity is not null
    group by person_id

),

-- Told of each fan and moment once, whatever roles and periods there are.
engagement as (

    select
        engagement.person_id,
        engagement.audience,
        engagement.moment,
        engagement.engagement,
        engagement.engagement_without_purchase,
        engagement.is_superfan,
        concat_ws('|', memberships.sources, deed_sources.sources) as sources,
        json_object('buys', {{ buys('purchases', 'engagement.moment') }}) as dimensions
    from {{ ref('int_fan_engagement') }} as engagement
    inner join {{ ref('int_persons__membership_sources') }} as memberships
        on
            engagement.person_id = memberships.person_id
            and engagement.audience = memberships.audience
    inner join {{ ref('int_persons__purchases') }} as purchases
        on engagement.person_id = purchases.person_id
    left join deed_sources on engagement.person_id = deed_sources.person_id

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
        engagement.sources,
        case periods.role
            when 'fan_engagement' then engagement.engagement
            when 'fan_engagement_without_purchase' then engagement.engagement_without_purchase
            when 'superfan' then cast(engagement.is_superfan as integer)
        end as value,
        engagement.dimensions
    from engagement
    inner join {{ ref('int_metric_standing_periods') }} as periods
        on engagement.moment = periods.period_end
    where periods.role in ('fan_engagement', 'fan_engagement_without_purchase', 'superfan')

)

select * from final
