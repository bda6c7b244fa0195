-- Grain: one member of one audience, who is a member no more too.
with

members as (

    select * from {{ ref('stg_mailchimp__members') }}

),

final as (

    select
        ---------- ids
        'mailchimp' as source,
        list_id || ':' || contact_id as source_record_id,
        concat_ws(':', 'mailchimp', list_id, contact_id) as account_id,
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
        nullif(trim(email_address), '') as email,
        null as phone,
        null as birth_date,
        nullif(lower(split_part(language, '_', 1)), '') as language,
        null as country,
        null as city,
        false as is_test,
        deleted_reason is not null as is_deleted,
        null as attributes,

        ---------- timestamps
        -- An import or a sign-up without confirmation has no such time.
        opted_at as created_at,
        updated_at

    from members

)

select * from final
