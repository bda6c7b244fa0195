-- Grain: one deal x one of its contacts x one stage of the buyer's journey.
with

opportunities as (

    select * from {{ ref('stg_salesforce__opportunities') }}
    where deleted_reason is null

),

-- The history has a row for a new amount or closing date too.
entries as (

    select
        opportunity_id,
        stage as deal_stage,
        created_at as entered_at
    from {{ ref('stg_salesforce__opportunity_history') }}
    where deleted_reason is null
    qualify
        lag(stage) over (
            partition by opportunity_id
            order by created_at asc, history_id asc
        ) is distinct from stage

),

deals as (

    select
        opportunities.opportunity_id,
        any_value(
            case
                when opportunities.is_won then 'won'
                when opportunities.is_closed then 'lost'
            end
        ) as outcome,
        -- An open deal's closing date is a hope.
        any_value(
            case
                when opportunities.is_closed
                    then cast(opportunities.close_date as timestamp)
            end
        ) as closed_at,
        max(
            case
                when
                    opportunities.is_closed and entries.deal_stage = opportunities.stage
                    then entries.entered_at
            end
        ) as entered_last_stage_at
    from opportunities
    left join entries
        on opportunities.opportunity_id = entries.opportunity_id
    group by opportunities.opportunity_id

),

stages as (

    select
        code as deal_stage,
        value as stage
    from {{ ref('source_codes') }}
    where source = 'salesforce' and field = 'deal_stage'

),

-- Several stages of the pipeline may be one of the journey.
entered as (

    select
        entries.opportunity_id,
        stages.stage,
        min(entries.entered_at) as entered_at
    from entries
    inner join stages
        on entries.deal_stage = stages.deal_stage
    group by entries.opportunity_id, stages.stage

),

contacts as (

    select distinct
        opportunity_id,
        contact_id
    from {{ ref('stg_salesforce__opportunity_contacts') }}
    where deleted_reason is null

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        entered.opportunity_id as source_record_id,
        concat_ws(
            ':', 'salesforce', entered.opportunity_id, entered.stage, contacts.contact_id
        ) as stage_event_id,
        'salesforce:' || contacts.contact_id as account_id,
        'salesforce:' || entered.opportunity_id as subject_id,

        ---------- facts
        'buyer' as journey,
        entered.stage,
        deals.outcome,
        null as audience,

        ---------- timestamps
        entered.entered_at,
        coalesce(deals.entered_last_stage_at, deals.closed_at) as decided_at

    from entered

    inner join deals
        on entered.opportunity_id = deals.opportunity_id

    left join contacts
        on entered.opportunity_id = contacts.opportunity_id

)

select * from final
