-- Two drivers of a cell are ordered only where one interval lies above the other.
select
    above.audience,
    above.metric,
    above.period_kind,
    above.period_start,
    above.driver,
    below.driver as overlapped
from {{ ref('fct_key_drivers') }} as above
inner join {{ ref('fct_key_drivers') }} as below
    on
        above.audience = below.audience
        and above.metric = below.metric
        and above.period_kind = below.period_kind
        and above.period_start = below.period_start
        and above.rank_group < below.rank_group
        and above.low <= below.high
