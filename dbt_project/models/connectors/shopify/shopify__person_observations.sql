-- Grain: one customer; those that are gone carry a flag.
with

customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

final as (

    select
        ---------- ids
        'shopify' as source,
        customer_id as source_record_id,
        'shopify:' || customer_id as account_id,
        null as employee_number,
        null as member_number,
        null as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        'contact' as account_kind,
        nullif(trim(first_name), '') as first_name,
        nullif(trim(last_name), '') as last_name,
        null as full_name,
        nullif(trim(email), '') as email,
        nullif(trim(phone), '') as phone,
        null as birth_date,
        nullif(lower(split_part(locale, '-', 1)), '') as language,
        case when length(country) = 2 then upper(country) end as country,
        nullif(trim(city), '') as city,
        false as is_test,
        deleted_reason is not null as is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        updated_at

    from customers

)

select * from final
