-- Grain: one opportunity whose person applied or was considered, not only looked for.
with

opportunities as (

    select * from {{ ref('stg_lever__opportunities') }}

),

considered as (

    select
        source_record_id as opportunity_id,
        account_id,
        arg_min(stage, { 'at': entered_at, 'stage': stage }) as stage,
        min(entered_at) as entered_at
    from {{ ref('lever__stage_events') }}
    where stage in ('apply', 'interview', 'offer')
    group by source_record_id, account_id

),

final as (

    select
        ---------- ids
        'lever' as source,
        considered.opportunity_id as source_record_id,
        concat_ws(':', 'lever', considered.opportunity_id, 'candidate') as evidence_id,
        considered.account_id,

        ---------- facts
        'candidate' as audience,
        'opportunity that reached the stage ' || considered.stage as evidence,
        null as is_ended,
        null as snapshot_date,
        null as attributes,

        ---------- timestamps
        considered.entered_at as valid_from,
        opportunities.archived_at as valid_to

    from considered

    inner join opportunities
        on considered.opportunity_id = opportunities.opportunity_id

)

select * from final
