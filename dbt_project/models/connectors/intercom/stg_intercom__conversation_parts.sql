-- Grain: one message or event of a conversation; the first message is the part type opening.
with

source as (

    select * from {{ source('intercom', 'conversation_parts') }}

),

final as (

    select
        ---------- ids
        id as part_id,
        conversation_id,
        author_id,
        assigned_to_id,

        ---------- facts
        part_type,
        author_type,
        coalesce(from_ai_agent, false) as is_from_ai_agent,
        assigned_to_type,
        body,
        coalesce(redacted, false) as is_redacted,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
