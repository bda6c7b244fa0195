-- Grain: a stretch of an employment x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'employments') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        employment_id,
        account_id,
        manager_account_id,
        file_name,

        ---------- facts
        employee_number,
        department,
        division,
        job_title,
        location,
        contract_kind,
        leaving_kind,
        is_manager,
        is_ended,
        attributes,
        _deleted_reason is not null as is_gone,

        ---------- dates
        valid_from,
        valid_to,
        hired_on,
        left_on,
        snapshot_date,

        ---------- timestamps
        cast(known_from as timestamp) as known_from,
        cast(known_to as timestamp) as known_to

    from source

)

select * from final
