-- Grain: an interaction x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'touchpoints') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        touchpoint_id,
        account_id,
        file_name,

        ---------- facts
        touchpoint_type,
        channel,
        direction,
        location_id,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(occurred_at as timestamp) as occurred_at

    from source

)

select * from final
