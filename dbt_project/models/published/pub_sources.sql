-- Grain: one source that is on.
select
    cast(source as string) as source,
    cast(last_loaded_as_of as timestamp) as last_loaded_as_of,
    cast(last_tried_as_of as timestamp) as last_tried_as_of,
    cast(lag_minutes as bigint) as lag_minutes,
    cast(problem as string) as problem,
    cast(extracted_rows as bigint) as extracted_rows,
    cast(touched_rows as bigint) as touched_rows,
    cast(quarantined_rows as bigint) as quarantined_rows
from {{ ref('fct_source_health') }}
order by source
