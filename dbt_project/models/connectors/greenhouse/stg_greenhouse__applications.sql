-- Grain: one application of a candidate, as it stands.
with

source as (

    select * from {{ source('greenhouse', 'applications') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as application_id,
        cast(candidate_id as varchar) as candidate_id,
        cast(job_id as varchar) as job_id,

        ---------- facts
        status,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(applied_at as timestamp) as applied_at,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
