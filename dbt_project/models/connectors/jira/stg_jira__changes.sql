-- Grain: one change of one field; of what is gone the key is left.
with

source as (

    select * from {{ source('jira', 'changes') }}

),

final as (

    select
        ---------- ids
        history_id,
        issue_id,
        author_id,

        ---------- facts
        field,
        from_id,
        to_id,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created as timestamp) as created_at

    from source

)

select * from final
