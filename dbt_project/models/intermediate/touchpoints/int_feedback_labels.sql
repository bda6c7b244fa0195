-- Grain: one label put on a turn, by the source's labeller or by one of this house.
-- `is_measured` says whether that labeller was measured in that language: metrics take no other.
with

delivered as (

    select * from {{ ref('feedback_labels') }}

),

made_here as (

    select * from {{ source('labels', 'turn_labels') }}

),

turns as (

    select turn_id from {{ ref('feedback_turns') }}

),

labellers as (

    select * from {{ ref('labellers') }}

),

labels as (

    select * from delivered
    union all by name
    select * from made_here

),

final as (

    select
        ---------- ids
        labels.label_id,
        labels.turn_id,
        labels.source,

        ---------- facts
        labels.label_kind,
        labels.label,
        labels.score,
        labels.labeller,
        labels.labeller_version,
        labels.language,
        labellers.macro_f1,
        labellers.macro_f1 is not null as is_measured

    from labels

    inner join turns on labels.turn_id = turns.turn_id

    left join labellers
        on
            labels.labeller = labellers.labeller
            and labels.labeller_version = labellers.version
            and labels.label_kind = labellers.label_kind
            and labels.language = labellers.language

)

select * from final
