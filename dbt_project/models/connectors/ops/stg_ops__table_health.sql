-- Grain: one table of one source that was ever judged.
with

tables as (

    select * from {{ source('ops', 'table_health') }}

),

final as (

    select
        source,
        table_name,
        status,
        reason,
        rows as touched_rows,
        expected_low,
        expected_high,
        loads as earlier_loads,
        silent_hours,
        allowed_hours as allowed_silent_hours,
        cast(as_of as timestamp) as judged_as_of,
        cast(newest_at as timestamp) as newest_at
    from tables

)

select * from final
