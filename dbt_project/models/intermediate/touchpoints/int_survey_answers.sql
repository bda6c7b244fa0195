-- Grain: one answer, with who gave it and as which audience.
with

records as (

    select * from {{ ref('survey_answers') }}

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'response'

),

final as (

    select
        records.* exclude (account_id, audience),
        experiences.account_id,
        experiences.person_id,
        experiences.family,
        experiences.audience
    from records

    inner join experiences on records.response_id = experiences.experience_id

)

select * from final
