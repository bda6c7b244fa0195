-- Grain: one comment or reply that stands, of somebody who is not a channel of ours.
with

comments as (

    select * from {{ ref('stg_youtube__comments') }}
    where
        deleted_reason is null
        and coalesce(author_channel_id, '') not in (
            select channel_id from {{ ref('stg_youtube__comments') }}
        )

),

final as (

    select
        ---------- ids
        'youtube' as source,
        comments.comment_id as source_record_id,
        'youtube:comment:' || comments.comment_id as touchpoint_id,
        'youtube:' || comments.author_channel_id as account_id,
        null as location_id,

        ---------- facts
        actions.value as touchpoint_type,
        -- In a browser, in an app or at a television: nothing says where.
        null as channel,
        'inbound' as direction,

        ---------- timestamps
        comments.published_at as occurred_at

    from comments

    inner join {{ ref('source_codes') }} as actions
        on
            actions.source = 'youtube'
            and actions.field = 'action'
            and actions.code = 'comment'

)

select * from final
