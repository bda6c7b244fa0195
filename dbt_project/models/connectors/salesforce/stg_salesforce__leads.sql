-- Grain: one lead, converted and deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'leads') }}

),

final as (

    select
        ---------- ids
        id as lead_id,
        master_id,
        converted_contact_id,

        ---------- facts
        first_name,
        last_name,
        email,
        phone,
        city,
        country,
        country_code,
        language,
        status,
        is_converted,
        audience_roles,
        opted_out as has_opted_out,
        do_not_call as is_not_called,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as updated_at

    from source

)

select * from final
