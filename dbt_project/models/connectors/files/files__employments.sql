-- Grain: a stretch of an employment,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__employments') }}

    where not is_gone
    qualify row_number() over (partition by employment_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || employment_id as employment_id,
        'files:' || account_id as account_id,
        'files:' || manager_account_id as manager_account_id,

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

        ---------- dates
        valid_from,
        valid_to,
        hired_on,
        left_on,
        snapshot_date,

        ---------- timestamps
        known_from,
        known_to

    from records

)

select * from final
