-- Grain: one closed wave x instrument x question.
select
    cast(instrument as string) as instrument,
    cast(question as string) as question,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(departments as bigint) as departments,
    cast(people as bigint) as people,
    cast(agreement as double) as agreement,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(agreement_within as double) as agreement_within,
    cast(difference as double) as difference,
    cast(difference_low as double) as difference_low,
    cast(difference_high as double) as difference_high,
    cast(p_value as double) as p_value,
    cast(most_common as string) as most_common,
    cast(most_common_share as double) as most_common_share,
    cast(verdict as string) as verdict,
    cast(is_protected as boolean) as is_protected,
    cast(status as string) as status,
    cast(reason as string) as reason
from {{ ref('fct_alignment') }}
order by instrument, question, period_start
