-- Grain: one instrument x question x closed period x outcome of the answers that came.
-- What was published of a protected instrument stays as it was told, whatever came later.
with

told as (

    select * from {{ ref('int_survey_exclusions__told') }}

),

told_before as (

    select distinct
        instrument,
        question,
        period_kind,
        period_start,
        is_protected
    from told

),

computed as (

    select
        instrument,
        question,
        period_kind,
        period_start,
        period_end,
        outcome,
        is_protected,
        case when status <> 'suppressed' then answers end as answers,
        status
    from {{ ref('int_survey_answer_exclusions') }}
    where is_closed

),

final as (

    select * from told

    union all by name

    select computed.*
    from computed
    left join told_before
        on
            computed.is_protected = told_before.is_protected
            and computed.instrument is not distinct from told_before.instrument
            and computed.question is not distinct from told_before.question
            and computed.period_kind = told_before.period_kind
            and computed.period_start = told_before.period_start
    where told_before.period_kind is null

)

select * from final
