-- Grain: one response x a question that it answers, or a declared scale that it leaves out.
-- A question that nobody declared counts nowhere and is counted; what was answered stays behind.
with

survey_items as (

    select
        survey_items.source_survey_id,
        survey_items.source_question_id,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.direction,
        survey_items.question_key,
        instruments.instrument,
        instruments.confidentiality,
        instruments.wave_unit

    from {{ ref('survey_items') }} as survey_items

    inner join {{ ref('instruments') }} as instruments
        on survey_items.instrument = instruments.instrument

    where survey_items.source = 'qualtrics'

),

survey_instruments as (

    select distinct
        source_survey_id,
        instrument,
        confidentiality,
        wave_unit

    from survey_items

),

-- The mailing's own record of who answered: a response need not carry its contact.
respondents as (

    select
        response_id,
        min(contact_id) as contact_id,
        min(distribution_id) as distribution_id

    from {{ ref('stg_qualtrics__invitations') }}

    where not is_gone and response_id <> 'Anonymous'

    group by response_id

),

distributions as (

    select * from {{ ref('stg_qualtrics__distributions') }}

),

responses as (

    select
        responses.response_id,
        responses.survey_id,
        responses.ticket_id,
        responses.language,
        responses.answers,
        responses.recorded_at,
        coalesce(
            respondents.distribution_id, responses.distribution_id
        ) as distribution_id,
        coalesce(respondents.contact_id, responses.contact_id) as contact_id,
        {{ local_date('coalesce(distributions.sent_at, responses.recorded_at)') }}
            as asked_on,
        -- The vendor's status is a sum of flags: 1 preview, 2 test, 8 spam.
        case
            when responses.status_bits & 1 > 0 then 'preview'
            when responses.status_bits & 2 > 0 then 'test'
            when responses.status_bits & 8 > 0 then 'spam'
            when not responses.is_finished then 'partial'
            else 'complete'
        end as response_status

    from {{ ref('stg_qualtrics__responses') }} as responses

    left join respondents
        on responses.response_id = respondents.response_id

    left join distributions
        on
            coalesce(respondents.distribution_id, responses.distribution_id)
            = distributions.distribution_id

    where not responses.is_gone

),

repeats as (

    select
        response_id,
        row_number() over (
            partition by contact_id, survey_id, distribution_id, ticket_id
            order by recorded_at, response_id
        ) as attempt

    from responses

    where
        response_status = 'complete'
        and contact_id is not null
        and distribution_id is not null

),

asked as (

    select
        responses.response_id,
        survey_items.source_question_id

    from responses

    inner join survey_items
        on responses.survey_id = survey_items.source_survey_id

    union

    select
        response_id,
        unnest(json_keys(answers)) as source_question_id

    from responses

),

answers as (

    select
        responses.*,
        asked.source_question_id,
        coalesce(survey_items.metric_role, 'other') as metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.direction,
        survey_items.question_key,
        survey_instruments.instrument,
        survey_instruments.confidentiality,
        case
            when survey_instruments.wave_unit = 'quarter'
                then cast(date_trunc('quarter', responses.asked_on) as date)
        end as wave_opened_on,
        json_extract_string(
            responses.answers, '$."' || asked.source_question_id || '"'
        ) as answer,
        coalesce(repeats.attempt, 1) as attempt

    from asked

    inner join responses
        on asked.response_id = responses.response_id

    inner join survey_instruments
        on responses.survey_id = survey_instruments.source_survey_id

    left join survey_items
        on
            responses.survey_id = survey_items.source_survey_id
            and asked.source_question_id = survey_items.source_question_id

    left join repeats
        on responses.response_id = repeats.response_id

),

coded as (

    select
        *,
        try_cast(answer as double) as code,
        metric_role not in ('comment', 'other') as is_scaled,
        answer <> '' as is_answered,
        coalesce(
            try_cast(answer as double) between scale_min and scale_max, false
        ) as is_on_scale

    from answers

    where answer <> '' or metric_role not in ('comment', 'other')

),

final as (

    select
        ---------- ids
        'qualtrics' as source,
        response_id || ':' || source_question_id as source_record_id,
        'qualtrics:' || response_id || ':' || source_question_id as answer_id,
        'qualtrics:' || response_id as response_id,
        'qualtrics:' || survey_id || ':' || source_question_id as question_id,
        case
            when confidentiality <> 'anonymous' then 'qualtrics:' || contact_id
        end as account_id,
        instrument,
        case
            when confidentiality <> 'anonymous' then 'zendesk:' || ticket_id
        end as ticket_id,

        ---------- facts
        metric_role,
        scale_min,
        scale_max,
        question_key,
        direction,
        confidentiality,
        case
            when is_scaled and is_on_scale then code
        end as answer_value,
        case
            when attempt > 1 then 'duplicate'
            else response_status
        end as response_status,
        nullif(lower(split_part(language, '-', 1)), '') as language,
        strftime(wave_opened_on, '%Y') || 'Q' || quarter(wave_opened_on) as wave,
        wave_opened_on,
        cast(wave_opened_on + interval 3 month as date) as wave_closed_on,
        null as snapshot_date,
        null as audience,
        case
            when is_scaled and is_answered and not is_on_scale
                then cast(json_object('outside_scale', answer) as varchar)
        end as attributes,
        null as weight,

        ---------- timestamps
        recorded_at as answered_at

    from coded

)

select * from final
