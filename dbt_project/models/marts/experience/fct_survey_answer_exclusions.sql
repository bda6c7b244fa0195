-- Grain: one instrument x question x closed period x outcome of the answers that came.
-- What was published of a protected instrument stays as it was told, whatever came later.
with

told as (

    select * from {{ ref('int_survey_exclusions__told') }}

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

    {{ told_once('told', 'computed', [
        'instrument', 'question', 'period_kind', 'period_start', 'is_protected',
    ]) }}

)

select * from final
