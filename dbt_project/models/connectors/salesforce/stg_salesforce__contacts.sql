-- Grain: one contact, deleted and merged ones included.
with

source as (

    select * from {{ source('salesforce', 'contacts') }}

),

final as (

    select
        ---------- ids
        id as contact_id,
        account_id,
        master_id,

        ---------- facts
        first_name,
        last_name,
        email,
        phone,
        city,
        country,
        country_code,
        language,
        birth_date,
        lifecycle_stage,
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
