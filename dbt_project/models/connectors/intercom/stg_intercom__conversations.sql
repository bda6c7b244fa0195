-- Grain: one conversation, with its rating.
with

source as (

    select * from {{ source('intercom', 'conversations') }}

),

final as (

    select
        ---------- ids
        id as conversation_id,
        contact_id,
        admin_assignee_id,
        team_assignee_id,
        rating_contact_id,

        ---------- facts
        state,
        priority,
        source_type,
        delivered_as,
        brand,
        topic,
        from_json(tags, '["varchar"]') as tags,
        cast(rating as double) as rating,
        rating_remark,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(rated_at as timestamp) as rated_at,
        cast(last_close_at as timestamp) as last_close_at,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
