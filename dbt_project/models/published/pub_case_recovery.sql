-- Grain: one rule x family.
select
    cast(rule as string) as rule,
    cast(family as string) as family,
    cast(label as string) as label,
    cast(role as string) as role,
    cast(told as bigint) as told,
    cast(not_told as bigint) as not_told,
    cast(persons_told as bigint) as persons_told,
    cast(persons_not_told as bigint) as persons_not_told,
    cast(change_told as double) as change_told,
    cast(change_not_told as double) as change_not_told,
    cast(recovery as double) as recovery,
    cast(std_error as double) as std_error,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(finding as string) as finding,
    cast(basis as string) as basis,
    cast(as_of as timestamp) as as_of
from {{ ref('fct_case_recovery') }}
order by rule, family
