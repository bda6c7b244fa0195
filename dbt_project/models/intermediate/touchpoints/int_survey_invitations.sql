-- Grain: one invitation, with who got it and as which audience.
with

records as (

    select * from {{ ref('survey_invitations') }}

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'invitation'

),

final as (

    select
        records.* exclude (account_id),
        experiences.account_id,
        experiences.person_id,
        experiences.family,
        experiences.audience
    from records

    inner join experiences on records.invitation_id = experiences.experience_id

)

select * from final
