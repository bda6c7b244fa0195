-- Grain: one candidate.
with

candidates as (

    select * from {{ ref('stg_greenhouse__candidates') }}

),

final as (

    select
        ---------- ids
        'greenhouse' as source,
        candidate_id as source_record_id,
        'greenhouse:' || candidate_id as account_id,
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
        nullif(trim(email_addresses[1].value), '') as email,
        nullif(trim(phone_numbers[1].value), '') as phone,
        null as birth_date,
        null as language,
        null as country,
        null as city,
        false as is_test,
        deleted_reason is not null as is_deleted,
        null as attributes,

        ---------- timestamps
        created_at,
        updated_at

    from candidates

)

select * from final
