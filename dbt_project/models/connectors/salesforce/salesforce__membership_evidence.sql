-- Grain: one contact x its lifecycle stage, one open lead x its status, or either x one of
-- its roles; who was merged or converted leaves it to the survivor.
with

people as (

    select
        contact_id as record_id,
        'stage' as evidence_kind,
        'lifecycle stage' as told,
        'lifecycle_stage' as field,
        lifecycle_stage as code,
        audience_roles,
        deleted_reason,
        updated_at
    from {{ ref('stg_salesforce__contacts') }}
    where master_id is null

    union all

    select
        lead_id as record_id,
        'status' as evidence_kind,
        'lead status' as told,
        'lead_status' as field,
        status as code,
        audience_roles,
        deleted_reason,
        updated_at
    from {{ ref('stg_salesforce__leads') }}
    where master_id is null and not coalesce(is_converted, false)

),

codes as (

    select
        field,
        code,
        value as audience
    from {{ ref('source_codes') }}
    where source = 'salesforce'

),

by_code as (

    select
        people.record_id,
        people.evidence_kind,
        codes.audience,
        people.told || ' ' || people.code || ', undated by Salesforce' as evidence,
        people.deleted_reason,
        people.updated_at
    from people
    inner join codes
        on people.field = codes.field and people.code = codes.code

),

roles as (

    select
        record_id,
        deleted_reason,
        updated_at,
        trim(unnest(string_split(audience_roles, ';'))) as audience
    from people

),

by_role as (

    select distinct
        record_id,
        'role' as evidence_kind,
        audience,
        'audience role ' || audience || ', undated by Salesforce' as evidence,
        deleted_reason,
        updated_at
    from roles
    where audience <> ''

),

evidence as (

    select * from by_code
    union all
    select * from by_role

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        record_id as source_record_id,
        concat_ws(':', 'salesforce', record_id, evidence_kind, audience) as evidence_id,
        'salesforce:' || record_id as account_id,

        ---------- facts
        audience,
        evidence,
        null as is_ended,
        null as snapshot_date,
        null as attributes,

        ---------- timestamps
        null as valid_from,
        -- Deletion is the last thing that happens to a record.
        case when deleted_reason is not null then updated_at end as valid_to

    from evidence

)

select * from final
