-- Grain: one agent; one who is gone has the id left.
with

source as (

    select * from {{ source('freshdesk', 'agents') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as agent_id,

        ---------- facts
        name,
        email,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
