-- Grain: one organization.
with

source as (

    select * from {{ source('zendesk', 'organizations') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as organization_id,

        ---------- facts
        name,
        from_json(domain_names, '["varchar"]') as domain_names,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
