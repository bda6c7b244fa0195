-- Grain: one person x family x first day after a month, as the one audience they stood in when it ended.
{{ config(materialized='view') }}
with

stretches as (

    select * from {{ ref('int_persons__stood_stretches') }}

),

moments as (

    select * from {{ ref('int_metric_moments') }}

),

final as (

    select
        stretches.person_id,
        stretches.family,
        stretches.audience,
        moments.moment,
        stretches.sources
    from stretches
    inner join moments
        on
            stretches.stood_from <= moments.moment
            and stretches.stood_to > moments.moment

)

select * from final
