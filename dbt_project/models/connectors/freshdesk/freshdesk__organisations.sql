-- Grain: one company.
with

companies as (

    select * from {{ ref('stg_freshdesk__companies') }}

),

final as (

    select
        ---------- ids
        'freshdesk' as source,
        company_id as source_record_id,
        'freshdesk:' || company_id as organisation_id,
        null as registration_number,
        null as parent_organisation_id,
        null as merged_into_organisation_id,

        ---------- facts
        name,
        domains[1] as domain,
        null as organisation_kind,
        null as country,
        deleted_reason is not null as is_deleted,

        ---------- timestamps
        created_at,
        updated_at

    from companies

)

select * from final
