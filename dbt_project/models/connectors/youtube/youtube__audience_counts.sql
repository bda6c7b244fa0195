-- Grain: one of our channels x day on which its followers were counted; none where it hides them.
with

counts as (

    select * from {{ ref('stg_youtube__channel_statistics') }}
    where not hides_subscribers and subscribers is not null

),

final as (

    select
        ---------- ids
        'youtube' as source,
        channel_id as source_record_id,
        concat_ws(':', 'youtube', channel_id, counted_on) as count_id,

        ---------- facts
        'follower' as audience,
        'youtube' as platform,
        counted_on,
        subscribers as people,
        -- Who came and who left YouTube tells the channel's owner alone.
        null as joined,
        null as left_count

    from counts

)

select * from final
