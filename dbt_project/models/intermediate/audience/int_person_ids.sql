-- Grain: one id ever given to a person, with the id under which the person is known today.
with recursive

ids as (

    select * from {{ source('identity', 'person_ids') }}

),

-- `union` without `all` comes to an end even where ids point at one another in a circle.
followed as (

    select
        ids.person_id,
        ids.person_id as current_person_id,
        ids.merged_into
    from ids

    union

    select
        followed.person_id,
        followed.merged_into as current_person_id,
        ids.merged_into
    from followed
    inner join ids on followed.merged_into = ids.person_id

),

final as (

    select
        ids.person_id,
        ends.current_person_id,
        ids.minted_at
    from ids

    left join followed as ends
        on
            ids.person_id = ends.person_id
            and ends.merged_into is null

)

select * from final
