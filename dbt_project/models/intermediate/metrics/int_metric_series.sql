-- Grain: one metric (of waits: curve) x audience x segment, with the number that stands for it.
with

final as (

    select
        counted,
        audience,
        segment,
        series_key
    from {{ ref('int_metric_event_groups') }}

    union

    select
        metric as counted,
        audience,
        segment,
        series_key
    from {{ ref('int_metric_standing_sums') }}

)

select * from final
