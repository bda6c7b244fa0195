-- Grain: a reason to count an account into an audience x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'membership_evidence') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        evidence_id,
        account_id,
        file_name,

        ---------- facts
        audience,
        evidence,
        is_ended,
        attributes,
        _deleted_reason is not null as is_gone,

        ---------- dates
        snapshot_date,

        ---------- timestamps
        cast(valid_from as timestamp) as valid_from,
        cast(valid_to as timestamp) as valid_to

    from source

)

select * from final
