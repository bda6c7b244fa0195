-- Grain: one instrument x question x closed period x outcome of the answers that came.
select
    cast(instrument as string) as instrument,
    cast(question as string) as question,
    cast(period_kind as string) as period_kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(outcome as string) as outcome,
    cast(is_protected as boolean) as is_protected,
    cast(answers as bigint) as answers,
    cast(status as string) as status
from {{ ref('fct_survey_answer_exclusions') }}
order by instrument, question, period_kind, period_start, outcome
