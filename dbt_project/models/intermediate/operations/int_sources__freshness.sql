-- Grain: one source that is on or was ever loaded, with its last good load and its last problem.
with

loads as (

    select * from {{ ref('stg_ops__loads') }}

),

latest as (

    select
        source,
        max(loaded_as_of) as last_tried_as_of
    from loads
    group by source

),

good as (

    select
        source,
        max(loaded_as_of) as last_loaded_as_of
    from loads
    where status = 'loaded'
    group by source

),

final as (

    select
        latest.source,
        good.last_loaded_as_of,
        latest.last_tried_as_of,
        date_diff('minute', good.last_loaded_as_of, {{ as_of() }}) as lag_minutes,
        max(loads.problem) filter (
            where loads.status = 'failed'
            and loads.loaded_as_of = latest.last_tried_as_of
            and (
                good.last_loaded_as_of is null
                or latest.last_tried_as_of > good.last_loaded_as_of
            )
        ) as problem,
        sum(loads.extracted_rows)
            filter (where loads.loaded_as_of = good.last_loaded_as_of) as extracted_rows,
        sum(loads.new_rows + loads.changed_rows)
            filter (where loads.loaded_as_of = good.last_loaded_as_of) as touched_rows,
        sum(loads.quarantined_rows) as quarantined_rows
    from latest
    inner join loads on latest.source = loads.source
    left join good on latest.source = good.source
    where latest.source in ('{{ on_sources() | join("', '") }}')
    group by latest.source, good.last_loaded_as_of, latest.last_tried_as_of

)

select * from final
