-- Grain: one human being who may be contacted for at least one purpose, with name and address.
with

contacts as (

    select * from {{ source('identity', 'contacts') }}

),

reachable as (

    select distinct person_id from {{ ref('dim_person_contactability') }}
    where may_be_contacted

),

final as (

    select
        contacts.person_id,
        contacts.display_name,
        contacts.email,
        contacts.phone
    from contacts
    inner join reachable on contacts.person_id = reachable.person_id
    where contacts.email is not null or contacts.phone is not null

)

select * from final
