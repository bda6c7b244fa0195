-- Grain: one of our channels x day on which its counts were asked for.
with

source as (

    select * from {{ source('youtube', 'channel_statistics') }}

),

final as (

    select
        ---------- ids
        id as channel_id,

        ---------- facts
        counted_on,
        subscribers,
        hides_subscribers,
        views,
        videos,

        ---------- timestamps
        cast(counted_at as timestamp) as counted_at

    from source

)

select * from final
