-- Grain: one order, donation, registration or attendance, with who and as which audience.
with

records as (

    select * from {{ ref('orders') }}

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'order'

),

final as (

    select
        records.* exclude (account_id, audience),
        experiences.account_id,
        experiences.person_id,
        experiences.family,
        experiences.audience
    from records

    inner join experiences on records.order_id = experiences.experience_id

)

select * from final
