-- Grain: one text whose tone a measured labeller told, with the stage it is about.
-- Where neither a ticket nor a touchpoint type says the stage, the instrument that asked does.
with

turns as (

    select * from {{ ref('int_feedback_turns__as_lived') }}
    where
        not is_protected
        and feedback_kind in ('triggered', 'always_on', 'unsolicited')
        and occurred_at <= {{ as_of() }}

),

labels as (

    select * from {{ ref('int_feedback_labels') }}
    where label_kind = 'sentiment' and is_measured

),

final as (

    select
        labels.label_id,
        turns.turn_id,
        coalesce(turns.person_id, turns.account_id, 'turn:' || turns.turn_id) as respondent_id,
        turns.audience,
        coalesce(turns.journey, instruments.journey) as journey,
        case when turns.journey is null then instruments.stage else turns.stage end as stage,
        turns.feedback_kind as kind,
        labels.labeller || '-' || labels.labeller_version as labeller,
        labels.language,
        labels.label = 'negative' as is_negative,
        cast(date_trunc('quarter', {{ local_date('turns.occurred_at') }}) as date)
            as period_start
    from turns
    inner join labels on turns.turn_id = labels.turn_id
    left join {{ ref('instruments') }} as instruments on turns.instrument = instruments.instrument

)

select * from final
