-- Grain: one contact, archived ones included.
with

source as (

    select * from {{ source('hubspot', 'contacts') }}

),

final as (

    select
        ---------- ids
        id as contact_id,
        merged_ids,

        ---------- facts
        first_name,
        last_name,
        email,
        phone,
        city,
        country,
        language,
        birth_date,
        lifecycle_stage,
        audience_roles,
        opted_out as has_opted_out,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(archived_at as timestamp) as archived_at,
        cast(entered_subscriber_at as timestamp) as entered_subscriber_at,
        cast(entered_lead_at as timestamp) as entered_lead_at,
        cast(entered_prospect_at as timestamp) as entered_prospect_at,
        cast(entered_customer_at as timestamp) as entered_customer_at,
        cast(entered_lapsed_at as timestamp) as entered_lapsed_at

    from source

)

select * from final
