-- Grain: one rating, offered or given.
with

source as (

    select * from {{ source('zendesk', 'satisfaction_ratings') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as rating_id,
        cast(ticket_id as varchar) as ticket_id,
        cast(requester_id as varchar) as requester_id,

        ---------- facts
        score,
        comment,

        ---------- timestamps
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
