-- Grain: one stage of a pipeline, removed ones included.
with

source as (

    select * from {{ source('lever', 'stages') }}

),

final as (

    select
        ---------- ids
        id as stage_id,

        ---------- facts
        name as stage_name,
        _deleted_reason as deleted_reason

    from source

)

select * from final
