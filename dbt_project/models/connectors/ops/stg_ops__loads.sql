-- Grain: one load of one table of one source, or one failed load.
with

loads as (

    select * from {{ source('ops', 'loads') }}

),

final as (

    select
        load_number,
        source,
        table_name,
        status,
        problem,
        extracted as extracted_rows,
        new as new_rows,
        changed as changed_rows,
        unchanged as unchanged_rows,
        duplicate as duplicate_rows,
        quarantined as quarantined_rows,
        cast(as_of as timestamp) as loaded_as_of
    from loads

)

select * from final
