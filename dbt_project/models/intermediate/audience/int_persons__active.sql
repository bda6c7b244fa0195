-- Grain: one person x family x first day after a month at whose end they were active.
{{ config(materialized='view') }}
with

stretches as (

    select * from {{ ref('int_persons__active_stretches') }}

),

moments as (

    select * from {{ ref('int_metric_moments') }}

),

final as (

    select
        stretches.person_id,
        stretches.family,
        moments.moment
    from stretches
    inner join moments
        on
            stretches.active_from <= moments.moment
            and stretches.active_to > moments.moment

)

select * from final
