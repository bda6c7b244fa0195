-- Grain: one company, those that are gone included.
with

source as (

    select * from {{ source('freshdesk', 'companies') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as company_id,

        ---------- facts
        name,
        from_json(domains, '["varchar"]') as domains,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
