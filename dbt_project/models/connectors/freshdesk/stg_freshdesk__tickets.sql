-- Grain: one ticket, those in trash and spam included.
with

source as (

    select * from {{ source('freshdesk', 'tickets') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as ticket_id,
        cast(requester_id as varchar) as requester_id,
        cast(responder_id as varchar) as responder_id,
        cast(group_id as varchar) as group_id,
        cast(company_id as varchar) as company_id,
        cast(product_id as varchar) as product_id,

        ---------- facts
        cast(source as varchar) as source_code,
        cast(priority as varchar) as priority_code,
        cast(status as varchar) as status_code,
        topic,
        description_text as body,
        from_json(tags, '["varchar"]') as tags,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(resolved_at as timestamp) as resolved_at

    from source

)

select * from final
