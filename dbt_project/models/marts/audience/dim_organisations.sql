-- Grain: one organisation as one system knows it; resolution over systems comes with identity.
with

organisations as (

    select * from {{ ref('int_organisations') }}

),

final as (

    select
        organisation_id,
        source,
        name,
        domain,
        organisation_kind,
        country,
        parent_organisation_id,
        merged_into_organisation_id,
        coalesce(is_deleted, false) as is_deleted,
        created_at,
        updated_at
    from organisations

)

select * from final
