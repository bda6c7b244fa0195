-- Grain: one review that is listed.
with

reviews as (

    select * from {{ ref('stg_google_business__reviews') }}
    where deleted_reason is null

),

final as (

    select
        ---------- ids
        'google_business' as source,
        review_id as source_record_id,
        'google_business:' || review_id as turn_id,
        null as account_id,
        null as response_id,
        null as ticket_id,
        null as instrument,
        null as touchpoint_type,
        null as audience,

        ---------- facts
        'unsolicited' as feedback_kind,
        nullif(trim(body), '') as body,
        case star_rating
            when 'ONE' then 1
            when 'TWO' then 2
            when 'THREE' then 3
            when 'FOUR' then 4
            when 'FIVE' then 5
        end as stars,
        5 as stars_max,
        null as language,

        ---------- timestamps
        updated_at as occurred_at

    from reviews

)

select * from final
