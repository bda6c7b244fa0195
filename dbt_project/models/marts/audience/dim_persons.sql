-- Grain: one human being, resolved over all systems.
with

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        person_id,
        country,
        language,
        accounts,
        sources,
        is_workforce,
        is_minor,
        is_deleted,
        is_test,
        first_seen_at
    from persons

)

select * from final
