-- Grain: one deal x one of its contacts.
with

source as (

    select * from {{ source('salesforce', 'opportunity_contacts') }}

),

final as (

    select
        ---------- ids
        id as role_id,
        opportunity_id,
        contact_id,

        ---------- facts
        is_primary,
        _deleted_reason as deleted_reason

    from source

)

select * from final
