-- Grain: one table of one source that is on.
select
    cast(source as string) as source,
    cast(source_table as string) as source_table,
    cast(last_loaded_as_of as timestamp) as last_loaded_as_of,
    cast(judged_as_of as timestamp) as judged_as_of,
    cast(lag_minutes as bigint) as lag_minutes,
    cast(touched_rows as bigint) as touched_rows,
    cast(quarantined_rows as bigint) as quarantined_rows,
    cast(expected_low as double) as expected_low,
    cast(expected_high as double) as expected_high,
    cast(earlier_loads as bigint) as earlier_loads,
    cast(newest_at as timestamp) as newest_at,
    cast(silent_hours as double) as silent_hours,
    cast(allowed_silent_hours as double) as allowed_silent_hours,
    cast(status as string) as status,
    cast(reason as string) as reason
from {{ ref('fct_table_health') }}
order by source, source_table
