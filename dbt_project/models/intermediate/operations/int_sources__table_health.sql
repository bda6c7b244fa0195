-- Grain: one table of one source that is on, as it stood when it was last judged.
with

tables as (

    select * from {{ ref('stg_ops__table_health') }}
    where source in ('{{ on_sources() | join("', '") }}')

),

sources as (

    select * from {{ ref('int_sources__freshness') }}

),

quarantined as (

    select
        source,
        table_name,
        sum(quarantined_rows) as quarantined_rows
    from {{ ref('stg_ops__loads') }}
    group by source, table_name

),

final as (

    select
        ---------- ids
        tables.source,
        tables.table_name as source_table,

        ---------- verdict
        tables.status,
        tables.reason,

        ---------- facts
        sources.lag_minutes,
        tables.touched_rows,
        quarantined.quarantined_rows,
        tables.expected_low,
        tables.expected_high,
        tables.earlier_loads,
        tables.silent_hours,
        tables.allowed_silent_hours,

        ---------- timestamps
        sources.last_loaded_as_of,
        tables.judged_as_of,
        tables.newest_at

    from tables

    inner join sources
        on tables.source = sources.source

    left join quarantined
        on
            tables.source = quarantined.source
            and tables.table_name = quarantined.table_name

)

select * from final
