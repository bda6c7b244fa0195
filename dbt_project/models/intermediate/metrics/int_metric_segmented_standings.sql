-- Grain: one person's standing x metric x segment that it counts for.
-- Of whom it is asked one by one, not of all: they are tens of millions, and what all of them add up
-- to is int_metric_standing_sums, which has the names of series and periods too.
with

uses as (

    select * from {{ ref('int_metric_uses') }}
    where kind = 'distinct'

),

dimensions as (

    select distinct
        role,
        family,
        dimensions
    from {{ ref('int_metric_standing_groups') }}

),

-- Dimensions are few and standings tens of millions: told of each once.
labels as (

    select
        uses.*,
        dimensions.dimensions,
        {{ segment('uses.cut', 'dimensions.dimensions', "'triggered'") }} as segment
    from uses
    inner join dimensions
        on
            uses.role = dimensions.role
            and uses.family = dimensions.family

),

whole as (

    {{ segmented_standings(
        'not standings.is_in_parts and standings.asks_for_persons and labels.asks_for_persons'
    ) }}

),

-- What several parts add up to is known of each person first, whoever asks.
parts as (

    {{ segmented_standings('standings.is_in_parts') }}

),

-- Parts of one standing that fall into the same segment are one again. Most standings are no parts:
-- grouping those too would hold each of millions against all others, to find it alone.
final as (

    select
        *,
        false as is_in_parts
    from whole

    union all by name

    select
        series_key,
        period_key,
        cluster_id,
        sum(value) as value,
        sum(exposure) as exposure,
        bool_or(is_unknown) as is_unknown,
        true as is_in_parts
    from parts
    group by series_key, period_key, cluster_id

)

select * from final
