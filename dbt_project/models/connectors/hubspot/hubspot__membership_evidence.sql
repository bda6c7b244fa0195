-- Grain: one contact x its lifecycle stage, or x one of its roles; the winner of a
-- merge speaks for those it absorbed.
with

contacts as (

    select
        *,
        case lifecycle_stage
            when 'subscriber' then entered_subscriber_at
            when 'lead' then entered_lead_at
            when 'prospect' then entered_prospect_at
            when 'customer' then entered_customer_at
            when 'lapsed' then entered_lapsed_at
        end as entered_stage_at
    from {{ ref('stg_hubspot__contacts') }}

),

absorbed as (

    select unnest(string_split(merged_ids, ';')) as contact_id
    from contacts
    where merged_ids <> ''

),

standing as (

    select contacts.*
    from contacts
    anti join absorbed
        on contacts.contact_id = absorbed.contact_id

),

stages as (

    select
        code as lifecycle_stage,
        value as audience
    from {{ ref('source_codes') }}
    where source = 'hubspot' and field = 'lifecycle_stage'

),

-- The day the contact was created says nothing about the day it reached its stage.
by_stage as (

    select
        standing.contact_id,
        'stage' as evidence_kind,
        stages.audience,
        'lifecycle stage ' || standing.lifecycle_stage
        || case
            when standing.entered_stage_at is null
                then ', undated by HubSpot'
            else ' since ' || strftime(standing.entered_stage_at, '%Y-%m-%d')
        end as evidence,
        standing.entered_stage_at as valid_from,
        standing.archived_at
    from standing
    inner join stages
        on standing.lifecycle_stage = stages.lifecycle_stage

),

roles as (

    select
        contact_id,
        archived_at,
        trim(unnest(string_split(audience_roles, ';'))) as audience
    from standing

),

by_role as (

    select
        contact_id,
        'role' as evidence_kind,
        audience,
        'audience role ' || audience || ', undated by HubSpot' as evidence,
        cast(null as timestamp) as valid_from,
        archived_at
    from roles
    where audience <> ''

),

evidence as (

    select * from by_stage
    union all
    select distinct * from by_role

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        contact_id as source_record_id,
        concat_ws(':', 'hubspot', contact_id, evidence_kind, audience) as evidence_id,
        'hubspot:' || contact_id as account_id,

        ---------- facts
        audience,
        evidence,
        null as is_ended,
        null as snapshot_date,
        null as attributes,

        ---------- timestamps
        valid_from,
        archived_at as valid_to

    from evidence

)

select * from final
