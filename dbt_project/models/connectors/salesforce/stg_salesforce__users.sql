-- Grain: one user, ours or of a portal.
with

source as (

    select * from {{ source('salesforce', 'users') }}

),

final as (

    select
        ---------- ids
        id as user_id,
        contact_id,
        employee_number,

        ---------- facts
        first_name,
        last_name,
        email,
        user_type,
        is_active,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as updated_at

    from source

)

select * from final
