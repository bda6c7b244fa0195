-- Grain: one label of a measured labeller x what is counted of it.
with

turns as (

    select * from {{ ref('int_feedback_turns__as_lived') }}

),

labels as (

    select
        labels.*,
        labels.labeller || '-' || labels.labeller_version as named_labeller
    from {{ ref('int_feedback_labels') }} as labels
    where labels.is_measured

),

label_values as (

    select
        labels.label_id,
        'sentiment' as role,
        case labels.label when 'negative' then -1.0 when 'positive' then 1.0 else 0.0 end as value,
        -1.0 as scale_min,
        1.0 as scale_max
    from labels
    where labels.label_kind = 'sentiment'

    union all by name

    select
        labels.label_id,
        'sentiment_negative' as role,
        case when labels.label = 'negative' then 1.0 else 0.0 end as value
    from labels
    where labels.label_kind = 'sentiment'

    union all by name

    select
        labels.label_id,
        'intended_emotion' as role,
        case when labels.label = turns.intended_emotion then 1.0 else 0.0 end as value
    from labels
    inner join turns on labels.turn_id = turns.turn_id
    where labels.label_kind = 'emotion' and turns.intended_emotion is not null

    union all by name

    select
        labels.label_id,
        'emotion_unmapped' as role,
        case when turns.intended_emotion is null then 1.0 else 0.0 end as value
    from labels
    inner join turns on labels.turn_id = turns.turn_id
    where labels.label_kind = 'emotion'

),

final as (

    select
        'label' as event,
        label_values.role,
        label_values.role || ':' || labels.label_id as event_id,
        turns.source,
        turns.audience,
        turns.family,
        turns.person_id,
        turns.account_id,
        'turn:' || turns.turn_id as record_id,
        label_values.value,
        label_values.scale_min,
        label_values.scale_max,
        turns.feedback_kind,
        turns.is_protected,
        {{ local_date('turns.occurred_at') }} as observed_on,
        turns.wave_opened_on,
        turns.wave_closed_on,
        json_object('labeller', labels.named_labeller, 'language', labels.language) as dimensions
    from label_values
    inner join labels on label_values.label_id = labels.label_id
    inner join turns on labels.turn_id = turns.turn_id

)

select * from final
