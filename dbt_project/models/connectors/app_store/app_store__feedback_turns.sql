-- Grain: one review that is listed.
with

reviews as (

    select * from {{ ref('stg_app_store__reviews') }}
    where deleted_reason is null

),

final as (

    select
        ---------- ids
        'app_store' as source,
        review_id as source_record_id,
        'app_store:' || review_id as turn_id,
        null as account_id,
        null as response_id,
        null as ticket_id,
        null as instrument,
        null as touchpoint_type,
        null as audience,

        ---------- facts
        'unsolicited' as feedback_kind,
        nullif(concat_ws(' ', nullif(title, ''), nullif(body, '')), '') as body,
        stars,
        5 as stars_max,
        null as language,

        ---------- timestamps
        created_at as occurred_at

    from reviews

)

select * from final
