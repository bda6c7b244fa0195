-- Grain: one post x account that likes it.
with

source as (

    select * from {{ source('discourse', 'likes') }}

),

final as (

    select
        ---------- ids
        post_id,
        user_id,

        ---------- facts
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
