-- Grain: one deal x one of its contacts x one stage of the buyer's journey.
with

entries as (

    unpivot (
        select
            deal_id,
            is_won,
            is_lost,
            entered_appointmentscheduled_at as appointmentscheduled,
            entered_qualifiedtobuy_at as qualifiedtobuy,
            entered_contractsent_at as contractsent,
            entered_closedwon_at as closedwon
        from {{ ref('stg_hubspot__deals') }}
        where deleted_reason is null
    )
    on appointmentscheduled, qualifiedtobuy, contractsent, closedwon
    into name deal_stage value entered_at

),

stages as (

    select
        code as deal_stage,
        value as stage
    from {{ ref('source_codes') }}
    where source = 'hubspot' and field = 'deal_stage'

),

-- Several stages of the pipeline may be one of the journey.
entered as (

    select
        entries.deal_id,
        stages.stage,
        min(entries.entered_at) as entered_at,
        any_value(
            case when entries.is_won then 'won' when entries.is_lost then 'lost' end
        ) as outcome
    from entries
    inner join stages
        on entries.deal_stage = stages.deal_stage
    group by entries.deal_id, stages.stage

),

contacts as (

    select * from {{ ref('stg_hubspot__deal_contacts') }}

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        entered.deal_id as source_record_id,
        concat_ws(':', 'hubspot', entered.deal_id, entered.stage, contacts.contact_id)
            as stage_event_id,
        'hubspot:' || contacts.contact_id as account_id,
        'hubspot:' || entered.deal_id as subject_id,

        ---------- facts
        'buyer' as journey,
        entered.stage,
        entered.outcome,

        ---------- timestamps
        entered.entered_at,
        -- When a deal was lost is not landed; when it was won its last stage says.
        null as outcome_at

    from entered

    left join contacts
        on entered.deal_id = contacts.deal_id

)

select * from final
