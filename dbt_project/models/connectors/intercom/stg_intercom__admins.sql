-- Grain: one teammate.
with

source as (

    select * from {{ source('intercom', 'admins') }}

),

final as (

    select
        ---------- ids
        id as admin_id,

        ---------- facts
        name,
        email,
        _deleted_reason as deleted_reason

    from source

)

select * from final
