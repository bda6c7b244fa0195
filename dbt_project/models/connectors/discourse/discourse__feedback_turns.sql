-- Grain: one post that stands, of somebody who does not look after the forum.
with

posts as (

    select * from {{ ref('stg_discourse__posts') }}
    where
        post_type = 1
        and not is_by_staff
        and not is_hidden
        and not is_withdrawn
        and deleted_reason is null
        and trim(body) <> ''

),

action as (

    select value as touchpoint_type
    from {{ ref('source_codes') }}
    where source = 'discourse' and field = 'action' and code = 'post'

),

final as (

    select
        ---------- ids
        'discourse' as source,
        posts.post_id as source_record_id,
        'discourse:post:' || posts.post_id as turn_id,
        'discourse:' || posts.user_id as account_id,
        null as response_id,
        null as ticket_id,
        null as instrument,
        action.touchpoint_type,
        null as audience,

        ---------- facts
        'unsolicited' as feedback_kind,
        posts.body,
        null as stars,
        null as stars_max,
        null as language,

        ---------- timestamps
        posts.created_at as occurred_at

    from posts

    left join action on true

)

select * from final
