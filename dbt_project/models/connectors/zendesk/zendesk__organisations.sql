-- Grain: one organization.
with

organizations as (

    select * from {{ ref('stg_zendesk__organizations') }}

),

final as (

    select
        ---------- ids
        'zendesk' as source,
        organization_id as source_record_id,
        'zendesk:' || organization_id as organisation_id,
        null as registration_number,
        null as parent_organisation_id,
        null as merged_into_organisation_id,

        ---------- facts
        name,
        domain_names[1] as domain,
        null as organisation_kind,
        null as country,
        false as is_deleted,

        ---------- timestamps
        created_at,
        updated_at

    from organizations

)

select * from final
