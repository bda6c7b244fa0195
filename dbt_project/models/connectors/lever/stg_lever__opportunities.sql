-- Grain: one opportunity, archived and deleted ones included.
with

source as (

    select * from {{ source('lever', 'opportunities') }}

),

final as (

    select
        ---------- ids
        id as opportunity_id,
        contact_id,
        stage_id,
        archive_reason_id,

        ---------- facts
        name as full_name,
        from_json(emails, '["varchar"]') as emails,
        from_json(phones, '["varchar"]') as phones,
        from_json(stage_changes, '[{"stage_id": "varchar", "entered_at": "bigint"}]')
            as stage_changes,
        is_anonymized,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(archived_at as timestamp) as archived_at,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
