-- Grain: one comment on a case.
with

source as (

    select * from {{ source('salesforce', 'case_comments') }}

),

final as (

    select
        ---------- ids
        id as comment_id,
        case_id,
        created_by_id,

        ---------- facts
        body,
        is_published,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
