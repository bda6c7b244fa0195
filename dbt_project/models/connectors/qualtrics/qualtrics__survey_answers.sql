-- Grain: one response x a question that it answers, or a declared scale that it leaves out.
with

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

recorded as (

    select
        responses.response_id,
        responses.survey_id,
        responses.ticket_id,
        responses.language,
        responses.answers,
        responses.recorded_at as answered_at,
        coalesce(
            respondents.distribution_id, responses.distribution_id
        ) as distribution_id,
        coalesce(respondents.contact_id, responses.contact_id) as contact_id,
        coalesce(distributions.sent_at, responses.recorded_at) as asked_at,
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
            order by answered_at, response_id
        ) as attempt

    from recorded

    where
        response_status = 'complete'
        and contact_id is not null
        and distribution_id is not null

),

responses as (

    select
        recorded.* replace (
            case
                when repeats.attempt > 1 then 'duplicate'
                else recorded.response_status
            end as response_status
        ),
        'qualtrics:' || recorded.contact_id as account_id

    from recorded

    left join repeats
        on recorded.response_id = repeats.response_id

),

{{ survey_answers('qualtrics') }}
