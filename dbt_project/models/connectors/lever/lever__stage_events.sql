-- Grain: one opportunity x one stage of the candidate's journey.
with

opportunities as (

    select * from {{ ref('stg_lever__opportunities') }}
    where deleted_reason is null

),

offers as (

    select
        opportunity_id,
        min(sent_at) as sent_at,
        min(signed_at) as signed_at
    from {{ ref('stg_lever__offers') }}
    where deleted_reason is null
    group by opportunity_id

),

reasons as (

    select * from {{ ref('stg_lever__archive_reasons') }}

),

stages as (

    select
        code as stage_id,
        value as stage
    from {{ ref('source_codes') }}
    where source = 'lever' and field = 'stage_id'

),

changes as (

    select
        opportunity_id,
        unnest(stage_changes) as change
    from opportunities

),

moves as (

    select
        opportunity_id,
        change.stage_id,
        epoch_ms(change.entered_at) as entered_at
    from changes

    union all

    -- One that was never moved is where it began.
    select
        opportunity_id,
        stage_id,
        created_at as entered_at
    from opportunities
    where coalesce(len(stage_changes), 0) = 0

),

entries as (

    select
        moves.opportunity_id,
        stages.stage,
        moves.entered_at
    from moves
    inner join stages
        on moves.stage_id = stages.stage_id

    union all

    select
        opportunity_id,
        'offer' as stage,
        sent_at as entered_at
    from offers
    where sent_at is not null

),

-- Several stages of the pipeline may be one of the journey, and one may be entered twice.
entered as (

    select
        opportunity_id,
        stage,
        min(entered_at) as entered_at
    from entries
    group by opportunity_id, stage

),

outcomes as (

    select
        opportunities.opportunity_id,
        opportunities.contact_id,
        opportunities.archived_at,
        offers.signed_at,
        case
            when opportunities.archived_at is null and offers.signed_at is not null then 'won'
            when reasons.archive_type = 'hired' then 'won'
            when reasons.archive_type is not null then 'lost'
        end as outcome

    from opportunities

    left join reasons
        on opportunities.archive_reason_id = reasons.archive_reason_id

    left join offers
        on opportunities.opportunity_id = offers.opportunity_id

),

final as (

    select
        ---------- ids
        'lever' as source,
        entered.opportunity_id as source_record_id,
        concat_ws(':', 'lever', entered.opportunity_id, entered.stage) as stage_event_id,
        'lever:' || outcomes.contact_id as account_id,
        'lever:' || entered.opportunity_id as subject_id,

        ---------- facts
        'candidate' as journey,
        entered.stage,
        outcomes.outcome,
        null as audience,

        ---------- timestamps
        entered.entered_at,
        -- Who signed has decided; that somebody is hired is often typed later.
        case outcomes.outcome
            when 'won' then coalesce(outcomes.signed_at, outcomes.archived_at)
            when 'lost' then outcomes.archived_at
        end as decided_at

    from entered

    inner join outcomes
        on entered.opportunity_id = outcomes.opportunity_id

)

select * from final
