-- Grain: one contact: a user or a lead.
with

source as (

    select * from {{ source('intercom', 'contacts') }}

),

final as (

    select
        ---------- ids
        id as contact_id,
        external_id,

        ---------- facts
        role,
        name,
        email,
        phone,
        language,
        country,
        city,
        opted_out as has_opted_out,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
