-- Grain: a number of people at a platform x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'audience_counts') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        count_id,
        file_name,

        ---------- facts
        audience,
        platform,
        people,
        joined,
        left_count,
        _deleted_reason is not null as is_gone,

        ---------- dates
        counted_on

    from source

)

select * from final
