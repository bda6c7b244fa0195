-- Grain: one user: an end user, an agent or an admin.
with

source as (

    select * from {{ source('zendesk', 'users') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as user_id,
        cast(organization_id as varchar) as organization_id,
        external_id,
        employee_number,

        ---------- facts
        name,
        email,
        phone,
        role,
        locale,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
