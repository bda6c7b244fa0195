-- Grain: one deal, archived ones included.
with

source as (

    select * from {{ source('hubspot', 'deals') }}

),

final as (

    select
        ---------- ids
        id as deal_id,

        ---------- facts
        pipeline,
        is_won,
        is_lost,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(entered_appointmentscheduled_at as timestamp)
            as entered_appointmentscheduled_at,
        cast(entered_qualifiedtobuy_at as timestamp) as entered_qualifiedtobuy_at,
        cast(entered_contractsent_at as timestamp) as entered_contractsent_at,
        cast(entered_closedwon_at as timestamp) as entered_closedwon_at,
        cast(entered_closedlost_at as timestamp) as entered_closedlost_at,
        cast(closed_at as timestamp) as closed_at

    from source

)

select * from final
