-- Grain: an account x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'person_observations') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        account_id,
        organisation_id,
        merged_into_account_id,
        file_name,

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
        _deleted_reason is not null as is_gone,

        ---------- dates
        birth_date,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
