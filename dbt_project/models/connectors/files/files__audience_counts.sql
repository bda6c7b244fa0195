-- Grain: a number of people at a platform,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__audience_counts') }}

    where not is_gone
    qualify row_number() over (partition by count_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || count_id as count_id,

        ---------- facts
        audience,
        platform,
        people,
        joined,
        left_count,

        ---------- dates
        counted_on

    from records

)

select * from final
