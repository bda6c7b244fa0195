-- Grain: an interaction,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__touchpoints') }}

    where not is_gone
    qualify row_number() over (partition by touchpoint_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || touchpoint_id as touchpoint_id,
        'files:' || account_id as account_id,

        ---------- facts
        touchpoint_type,
        channel,
        direction,
        location_id,

        ---------- timestamps
        occurred_at

    from records

)

select * from final
