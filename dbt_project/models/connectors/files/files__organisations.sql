-- Grain: an organisation,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__organisations') }}

    where not is_gone
    qualify
        row_number() over (
            partition by organisation_id
            order by updated_at desc nulls last, file_name desc
        ) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || organisation_id as organisation_id,
        'files:' || parent_organisation_id as parent_organisation_id,
        'files:' || merged_into_organisation_id as merged_into_organisation_id,

        ---------- facts
        name,
        domain,
        organisation_kind,
        registration_number,
        country,
        is_deleted,

        ---------- timestamps
        created_at,
        updated_at

    from records

)

select * from final
