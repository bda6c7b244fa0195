-- Grain: one contact, deleted ones included.
with

source as (

    select * from {{ source('freshdesk', 'contacts') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as contact_id,
        cast(company_id as varchar) as company_id,
        unique_external_id,

        ---------- facts
        name,
        email,
        phone,
        mobile,
        language,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
