-- Grain: one rating x question that the registry declares.
with

ratings as (

    select
        *,
        unnest(map_keys(codes)) as question,
        unnest(map_values(codes)) as code
    from {{ ref('stg_freshdesk__satisfaction_ratings') }}

),

tickets as (

    select * from {{ ref('stg_freshdesk__tickets') }}

),

questions as (

    select
        survey_items.source_survey_id,
        survey_items.source_question_id,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.direction,
        survey_items.question_key,
        instruments.instrument,
        instruments.confidentiality

    from {{ ref('survey_items') }} as survey_items

    inner join {{ ref('instruments') }} as instruments
        on survey_items.instrument = instruments.instrument

    where survey_items.source = 'freshdesk'

),

final as (

    select
        ---------- ids
        'freshdesk' as source,
        ratings.rating_id as source_record_id,
        concat_ws(':', 'freshdesk', ratings.rating_id, questions.source_question_id)
            as answer_id,
        'freshdesk:' || ratings.rating_id as response_id,
        concat_ws(
            ':', 'freshdesk', questions.source_survey_id, questions.source_question_id
        ) as question_id,
        case
            when questions.confidentiality <> 'anonymous'
                then 'freshdesk:' || ratings.user_id
        end as account_id,
        questions.instrument,
        case
            when questions.confidentiality <> 'anonymous'
                then 'freshdesk:' || ratings.ticket_id
        end as ticket_id,

        ---------- facts
        questions.metric_role,
        questions.scale_min,
        questions.scale_max,
        questions.question_key,
        questions.direction,
        questions.confidentiality,
        -- The vendor's own code, from -103 to 103; rescaled nowhere.
        ratings.code as answer_value,
        case when list_contains(tickets.tags, 'test') then 'test' else 'complete' end
            as response_status,
        null as language,
        null as wave,
        null as wave_opened_on,
        null as wave_closed_on,
        null as snapshot_date,
        null as audience,
        null as attributes,
        null as weight,

        ---------- timestamps
        ratings.updated_at as answered_at

    from ratings

    inner join questions
        on
            ratings.survey_id = questions.source_survey_id
            and ratings.question = questions.source_question_id

    left join tickets
        on ratings.ticket_id = tickets.ticket_id

)

select * from final
