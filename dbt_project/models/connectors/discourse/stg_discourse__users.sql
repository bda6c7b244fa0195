-- Grain: one account.
with

source as (

    select * from {{ source('discourse', 'users') }}

),

final as (

    select
        ---------- ids
        id as user_id,

        ---------- facts
        name,
        email,
        admin as is_admin,
        moderator as is_moderator,
        staged as is_staged,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
