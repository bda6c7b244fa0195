-- Grain: one organisation of customers.
with

organizations as (

    select * from {{ ref('stg_jira__organizations') }}

),

final as (

    select
        ---------- ids
        'jira' as source,
        organization_id as source_record_id,
        'jira:' || organization_id as organisation_id,
        null as registration_number,
        null as parent_organisation_id,
        null as merged_into_organisation_id,

        ---------- facts
        name,
        null as domain,
        null as organisation_kind,
        null as country,
        deleted_reason is not null as is_deleted,

        ---------- timestamps
        null as created_at,
        null as updated_at

    from organizations

)

select * from final
