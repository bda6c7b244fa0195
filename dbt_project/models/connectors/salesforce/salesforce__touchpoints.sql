-- Grain: the opening of one case; a deleted or merged one touched nobody.
with

opened as (

    select
        case_id as ticket_id,
        contact_id as requester_id,
        case_type as kind_code,
        origin as channel_code,
        'inbound' as direction,
        created_at
    from {{ ref('stg_salesforce__cases') }}
    where deleted_reason is null

),

{{ desk_touchpoints('salesforce', 'case', kind='case_type', channel='case_origin') }}
