-- Grain: an organisation x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'organisations') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        organisation_id,
        parent_organisation_id,
        merged_into_organisation_id,
        file_name,

        ---------- facts
        name,
        domain,
        organisation_kind,
        registration_number,
        country,
        is_deleted,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
