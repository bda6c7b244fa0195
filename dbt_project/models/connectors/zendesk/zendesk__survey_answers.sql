-- Grain: one rating that was given; one that was only offered is no answer.
with

ratings as (

    select * from {{ ref('stg_zendesk__satisfaction_ratings') }}
    where starts_with(score, 'good') or starts_with(score, 'bad')

),

tickets as (

    select * from {{ ref('stg_zendesk__tickets') }}

),

question as (

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

    where
        survey_items.source = 'zendesk'
        and survey_items.source_survey_id = 'satisfaction_rating'

),

final as (

    select
        ---------- ids
        'zendesk' as source,
        ratings.rating_id as source_record_id,
        concat_ws(':', 'zendesk', ratings.rating_id, question.source_question_id)
            as answer_id,
        'zendesk:' || ratings.rating_id as response_id,
        'zendesk:' || question.source_survey_id || ':' || question.source_question_id
            as question_id,
        case
            when question.confidentiality <> 'anonymous'
                then 'zendesk:' || ratings.requester_id
        end as account_id,
        question.instrument,
        case
            when question.confidentiality <> 'anonymous'
                then 'zendesk:' || ratings.ticket_id
        end as ticket_id,

        ---------- facts
        question.metric_role,
        question.scale_min,
        question.scale_max,
        question.question_key,
        question.direction,
        question.confidentiality,
        case when starts_with(ratings.score, 'good') then 1.0 else 0.0 end
            as answer_value,
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

    cross join question

    left join tickets
        on ratings.ticket_id = tickets.ticket_id

)

select * from final
