-- Grain: one person of the company, as an account.
with

persons as (

    select * from {{ ref('stg_personio__persons') }}

),

final as (

    select
        ---------- ids
        'personio' as source,
        person_key as source_record_id,
        'personio:' || person_key as account_id,
        null as employee_number,
        null as member_number,
        null as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        'employee' as account_kind,
        nullif(trim(first_name), '') as first_name,
        nullif(trim(last_name), '') as last_name,
        null as full_name,
        nullif(trim(email), '') as email,
        null as phone,
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

    from persons

)

select * from final
