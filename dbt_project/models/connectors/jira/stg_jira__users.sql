-- Grain: one account that had a part in a request.
with

source as (

    select * from {{ source('jira', 'users') }}

),

final as (

    select
        ---------- ids
        account_id,

        ---------- facts
        account_type,
        display_name,
        email,
        is_active,
        _deleted_reason as deleted_reason

    from source

)

select * from final
