-- Grain: one stretch for which an account was known under one id of a person.
with

bindings as (

    select * from {{ source('identity', 'person_bindings') }}

),

ids as (

    select * from {{ ref('int_person_ids') }}

),

-- Two runs at the same clock may bind for no time at all, and more than once.
final as (

    select distinct
        bindings.account_id,
        bindings.person_id,
        ids.current_person_id,
        bindings.evidence,
        bindings.valid_from,
        bindings.valid_to
    from bindings

    left join ids on bindings.person_id = ids.person_id

)

select * from final
