-- Grain: one criterion of a level of an area, with what the warehouse shows of it.
with

indicators as (

    select * from {{ ref('maturity_indicators') }}

),

measures as (

    select * from {{ ref('fct_maturity_measures') }}

),

final as (

    select
        indicators.indicator,
        indicators.area,
        cast(indicators.level as bigint) as level,
        indicators.label,
        indicators.measure,
        indicators.at_least,
        measures.part,
        measures.whole,
        measures.share,
        case
            when measures.share is null then 'no evidence'
            when measures.share >= indicators.at_least - 1e-9 then 'met'
            else 'not met'
        end as status
    from indicators
    left join measures on indicators.measure = measures.measure

)

select * from final
