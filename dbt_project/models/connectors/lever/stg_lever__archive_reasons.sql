-- Grain: one reason to archive, removed ones included.
with

source as (

    select * from {{ source('lever', 'archive_reasons') }}

),

final as (

    select
        ---------- ids
        id as archive_reason_id,

        ---------- facts
        name as archive_reason,
        type as archive_type,
        _deleted_reason as deleted_reason

    from source

)

select * from final
