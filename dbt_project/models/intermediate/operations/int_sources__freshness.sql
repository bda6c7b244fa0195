-- Grain: one source that is on and was ever loaded, with its last good load and what stopped it.
with

loads as (

    select * from {{ ref('stg_ops__loads') }}
    where source in ('{{ on_sources() | join("', '") }}')

),

latest as (

    select
        source,
        max(load_number) as load_number,
        max(load_number) filter (where status = 'loaded') as good_number
    from loads
    group by source

),

final as (

    select
        latest.source,
        max(loads.loaded_as_of) filter (where loads.load_number = latest.good_number)
            as last_loaded_as_of,
        max(loads.loaded_as_of) filter (where loads.load_number = latest.load_number)
            as last_tried_as_of,
        date_diff(
            'minute',
            max(loads.loaded_as_of) filter (where loads.load_number = latest.good_number),
            {{ as_of() }}
        ) as lag_minutes,
        max(loads.problem) filter (where loads.load_number = latest.load_number) as problem,
        sum(loads.extracted_rows) filter (where loads.load_number = latest.good_number)
            as extracted_rows,
        sum(loads.new_rows + loads.changed_rows)
        filter (where loads.load_number = latest.good_number) as touched_rows,
        sum(loads.quarantined_rows) as quarantined_rows
    from latest
    inner join loads on latest.source = loads.source
    group by latest.source

)

select * from final
