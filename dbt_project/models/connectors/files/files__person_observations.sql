-- Grain: an account,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__person_observations') }}

    where not is_gone
    qualify
        row_number() over (
            partition by account_id order by updated_at desc nulls last, file_name desc
        ) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || account_id as account_id,
        'files:' || organisation_id as organisation_id,
        'files:' || merged_into_account_id as merged_into_account_id,

        ---------- facts
        account_kind,
        first_name,
        last_name,
        full_name,
        email,
        phone,
        employee_number,
        member_number,
        external_id,
        language,
        country,
        city,
        is_test,
        is_deleted,
        attributes,

        ---------- dates
        birth_date,

        ---------- timestamps
        created_at,
        updated_at

    from records

)

select * from final
