-- Grain: one ticket, with who asked and as which audience; deleted and test ones included.
with

records as (

    select * from {{ ref('tickets') }}

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'ticket'

),

final as (

    select
        records.* exclude (account_id, audience),
        experiences.account_id,
        experiences.person_id,
        experiences.family,
        experiences.audience
    from records

    inner join experiences on records.ticket_id = experiences.experience_id

)

select * from final
