-- Grain: one company, archived ones included.
with

source as (

    select * from {{ source('hubspot', 'companies') }}

),

final as (

    select
        ---------- ids
        id as company_id,
        parent_id,
        merged_ids,

        ---------- facts
        name,
        domain,
        country,
        type as company_type,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
