-- Grain: one person of the company, removed ones included.
with

source as (

    select * from {{ source('personio', 'persons') }}

),

final as (

    select
        ---------- ids
        id as person_key,

        ---------- facts
        first_name,
        last_name,
        email,
        status,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
