-- Grain: one organisation, resolved over all systems.
with

organisations as (

    select * from {{ ref('int_organisations') }}

),

final as (

    select
        organisation_id,
        name,
        domain,
        organisation_kind,
        country,
        parent_organisation_id,
        accounts,
        sources,
        is_deleted,
        first_seen_at
    from organisations

)

select * from final
