-- Grain: a consent or objection x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'consents') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        consent_id,
        account_id,
        file_name,

        ---------- facts
        purpose,
        basis,
        state,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(valid_from as timestamp) as valid_from

    from source

)

select * from final
