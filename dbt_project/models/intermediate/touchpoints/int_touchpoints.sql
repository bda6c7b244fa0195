-- Grain: one recorded touchpoint, with who lived it and as which audience.
with

records as (

    select * from {{ ref('touchpoints') }}

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'touchpoint'

),

final as (

    select
        records.* exclude (account_id),
        experiences.account_id,
        experiences.person_id,
        experiences.family,
        experiences.audience
    from records

    inner join experiences on records.touchpoint_id = experiences.experience_id

)

select * from final
