-- Grain: one unbroken stretch of one person in one audience, half-open.
with

memberships as (

    select * from {{ ref('int_memberships') }}

),

final as (

    select
        md5(person_id || audience || coalesce(cast(valid_from as varchar), '')) as membership_id,
        person_id,
        audience,
        valid_from,
        valid_to,
        (valid_from is null or valid_from <= {{ as_of() }})
        and (valid_to is null or valid_to > {{ as_of() }}) as is_current
    from memberships

)

select * from final
