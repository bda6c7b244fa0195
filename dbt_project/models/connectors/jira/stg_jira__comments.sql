-- Grain: one comment; of one that was removed the id is left.
with

source as (

    select * from {{ source('jira', 'comments') }}

),

final as (

    select
        ---------- ids
        id as comment_id,
        issue_id,
        author_id,

        ---------- facts
        is_public,
        body,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created as timestamp) as created_at

    from source

)

select * from final
