-- Grain: one human being, with the day on which they first bought something of ours.
-- An order is a purchase; a donation, a registration or a visit is none (registry of activities). Before
-- purchases have been on record for 90 days, that somebody has none says nothing about them.
with

purchases as (

    select
        person_id,
        happened_on
    from {{ ref('int_deeds') }}
    where activity = 'purchase'

),

records as (

    select min(happened_on) + 90 as known_from
    from purchases

),

first_purchases as (

    select
        person_id,
        min(happened_on) as first_bought_on
    from purchases
    group by person_id

),

final as (

    select
        persons.person_id,
        first_purchases.first_bought_on,
        records.known_from
    from {{ ref('int_persons') }} as persons
    cross join records
    left join first_purchases on persons.person_id = first_purchases.person_id

)

select * from final
