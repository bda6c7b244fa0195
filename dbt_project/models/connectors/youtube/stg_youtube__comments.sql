-- Grain: one comment, or one reply to one.
with

source as (

    select * from {{ source('youtube', 'comments') }}

),

final as (

    select
        ---------- ids
        id as comment_id,
        channel_id,
        parent_id,
        video_id,
        author_channel_id,

        ---------- facts
        body,
        like_count,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(published_at as timestamp) as published_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
