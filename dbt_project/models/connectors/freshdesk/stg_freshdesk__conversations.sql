-- Grain: one reply or note of a ticket; one that was removed has its id left.
with

source as (

    select * from {{ source('freshdesk', 'conversations') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as conversation_id,
        cast(ticket_id as varchar) as ticket_id,
        cast(user_id as varchar) as user_id,
        cast(automation_id as varchar) as automation_id,

        ---------- facts
        cast(source as varchar) as source_code,
        incoming as is_incoming,
        private as is_private,
        auto_response as is_auto_response,
        body_text as body,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
