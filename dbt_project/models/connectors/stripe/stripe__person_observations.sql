-- Grain: one customer, deleted ones too, or one address under which somebody paid as a guest.
with

customers as (

    select * from {{ ref('stg_stripe__customers') }}

),

-- An address never becomes a key, its hash does.
guests as (

    select
        'guest:' || md5(lower(trim(guest_email))) as account_key,
        arg_max(guest_name, { 'at': created_at, 'id': charge_id }) as full_name,
        arg_max(guest_email, { 'at': created_at, 'id': charge_id }) as email,
        bool_and(not is_live) as is_test,
        min(created_at) as created_at
    from {{ ref('stg_stripe__charges') }}
    where customer_id is null and trim(guest_email) <> ''
    group by account_key

),

accounts as (

    select
        customer_id as account_key,
        'contact' as account_kind,
        full_name,
        email,
        phone,
        preferred_locales[1] as locale,
        country,
        city,
        coalesce(not is_live, false) as is_test,
        deleted_reason is not null as is_deleted,
        created_at
    from customers

    union all by name

    select
        account_key,
        'record' as account_kind,
        full_name,
        email,
        is_test,
        false as is_deleted,
        created_at
    from guests

),

final as (

    select
        ---------- ids
        'stripe' as source,
        account_key as source_record_id,
        'stripe:' || account_key as account_id,
        null as employee_number,
        null as member_number,
        null as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        account_kind,
        null as first_name,
        null as last_name,
        nullif(trim(full_name), '') as full_name,
        nullif(trim(email), '') as email,
        nullif(trim(phone), '') as phone,
        null as birth_date,
        nullif(lower(split_part(locale, '-', 1)), '') as language,
        case when length(country) = 2 then upper(country) end as country,
        nullif(trim(city), '') as city,
        is_test,
        is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        null as updated_at

    from accounts

)

select * from final
