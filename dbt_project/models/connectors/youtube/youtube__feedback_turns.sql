-- Grain: one comment or reply that stands, of somebody who is not a channel of ours.
with

comments as (

    select * from {{ ref('stg_youtube__comments') }}
    where
        deleted_reason is null
        and trim(body) <> ''
        and coalesce(author_channel_id, '') not in (
            select channel_id from {{ ref('stg_youtube__comments') }}
        )

),

action as (

    select value as touchpoint_type
    from {{ ref('source_codes') }}
    where source = 'youtube' and field = 'action' and code = 'comment'

),

final as (

    select
        ---------- ids
        'youtube' as source,
        comments.comment_id as source_record_id,
        'youtube:comment:' || comments.comment_id as turn_id,
        'youtube:' || comments.author_channel_id as account_id,
        null as response_id,
        null as ticket_id,
        null as instrument,
        action.touchpoint_type,
        null as audience,

        ---------- facts
        'unsolicited' as feedback_kind,
        comments.body,
        null as stars,
        null as stars_max,
        null as language,

        ---------- timestamps
        comments.published_at as occurred_at

    from comments

    left join action on true

)

select * from final
