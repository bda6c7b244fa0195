-- Grain: one public post.
with

source as (

    select * from {{ source('discourse', 'posts') }}

),

final as (

    select
        ---------- ids
        id as post_id,
        topic_id,
        user_id,

        ---------- facts
        post_number,
        post_type,
        body,
        version,
        staff as is_by_staff,
        coalesce(via_email, false) as is_via_email,
        hidden as is_hidden,
        user_deleted as is_withdrawn,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
