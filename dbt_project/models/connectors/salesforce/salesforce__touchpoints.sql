-- Grain: the opening of one case; a deleted or merged one touched nobody.
with

cases as (

    select * from {{ ref('stg_salesforce__cases') }}
    where deleted_reason is null

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'salesforce'

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        cases.case_id as source_record_id,
        'salesforce:case:' || cases.case_id as touchpoint_id,
        'salesforce:' || cases.contact_id as account_id,
        null as location_id,

        ---------- facts
        types.value as touchpoint_type,
        origins.value as channel,
        'inbound' as direction,

        ---------- timestamps
        cases.created_at as occurred_at

    from cases

    left join codes as types
        on types.field = 'case_type' and cases.case_type = types.code

    left join codes as origins
        on origins.field = 'case_origin' and cases.origin = origins.code

)

select * from final
