-- Grain: one request that was rated.
with

source as (

    select * from {{ source('jira', 'feedback') }}

),

final as (

    select
        ---------- ids
        issue_id,

        ---------- facts
        type as feedback_type,
        cast(rating as double) as rating,
        comment as body,

        ---------- timestamps
        cast(rated_at as timestamp) as rated_at

    from source

)

select * from final
