-- Grain: one review; one that is gone has its name left.
with

source as (

    select * from {{ source('google_business', 'reviews') }}

),

final as (

    select
        ---------- ids
        name as review_id,

        ---------- facts
        star_rating,
        comment as body,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(create_time as timestamp) as created_at,
        cast(update_time as timestamp) as updated_at

    from source

)

select * from final
