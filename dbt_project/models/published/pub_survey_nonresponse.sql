-- Grain: one instrument x closed period x measure x metric x margin x level.
select
    cast(instrument as string) as instrument,
    cast(period_kind as string) as period_kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(measure as string) as measure,
    cast(metric as string) as metric,
    cast(margin as string) as margin,
    cast(level as string) as level,
    cast(is_protected as boolean) as is_protected,
    cast(invited as bigint) as invited,
    cast(answered as bigint) as answered,
    cast(value as double) as value,
    cast(baseline as double) as baseline,
    cast(difference as double) as difference,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(standardised_difference as double) as standardised_difference,
    cast(n_eff as double) as n_eff,
    cast(trimmed as bigint) as trimmed,
    cast(is_converged as boolean) as is_converged,
    cast(reading as string) as reading,
    cast(status as string) as status,
    cast(reason as string) as reason
from {{ ref('fct_survey_nonresponse') }}
order by instrument, period_kind, period_start, measure, metric, margin, level
