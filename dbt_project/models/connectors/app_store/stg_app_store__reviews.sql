-- Grain: one review; one that is gone has its id left.
with

source as (

    select * from {{ source('app_store', 'reviews') }}

),

final as (

    select
        ---------- ids
        id as review_id,
        app_id,

        ---------- facts
        cast(rating as double) as stars,
        title,
        body,
        territory,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_date as timestamp) as created_at

    from source

)

select * from final
