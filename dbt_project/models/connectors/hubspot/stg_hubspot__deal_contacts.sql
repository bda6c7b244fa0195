-- Grain: one deal x one of its contacts.
with

source as (

    select * from {{ source('hubspot', 'deal_contacts') }}

),

contacts as (

    select
        source.deal_id,
        unnest(from_json(source.contacts, '["json"]')) as contact

    from source

),

final as (

    select
        ---------- ids
        deal_id,
        contact ->> '$.toObjectId' as contact_id

    from contacts

)

select * from final
