-- Grain: one month end x family of activity x percent: the decayed count that this share of the fans
-- who do it had or stayed below. Rows of one month are what a new baseline is made of. Who did less than
-- one act of a year ago is worth does it no more.
{%- set percents = range(10, 101, 10) | list %}
with

counted as (

    select * from {{ ref('int_fan_engagement__activities') }}
    where decayed_count >= pow(0.5, 365 / 90.0)

),

distributions as (

    select
        moment,
        activity,
        count(*) as fans,
        -- Nothing done is 0 percent.
        [0.0] || quantile_cont(
            decayed_count,
            [{% for percent in percents %}{{ percent / 100 }}{{ ', ' if not loop.last }}{% endfor %}]
        ) as decayed_counts
    from counted
    group by moment, activity

),

final as (

    select
        cast(moment - 1 as date) as month_end,
        activity,
        unnest([0.0{% for percent in percents %}, {{ percent }}.0{% endfor %}]) as percent,
        unnest(decayed_counts) as decayed_count,
        fans
    from distributions

)

select * from final
