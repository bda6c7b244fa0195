-- Grain: one answer, with the first reason why no score counts it; null where one does.
-- The only place that says what counts. In this order: who sent it (preview, test, spam, duplicate),
-- how far it got (dismissed, partial), what it is (comment, undeclared), what it says (no_answer,
-- out_of_scale), whether a metric takes it (unmapped), whether it was said before (duplicate).
with

answers as (

    select * from {{ ref('int_survey_answers') }}

),

metrics as (

    select
        role,
        scale_min,
        scale_max,
        direction,
        unnest(string_split(families, '|')) as family
    from {{ ref('metrics') }}
    where event = 'answer'

),

-- A metric takes a role on one scale, in one direction, of some families. A question that declares
-- no direction has that of its role; one that runs the other way is another instrument.
taken as (

    select distinct
        answers.metric_role,
        answers.scale_min,
        answers.scale_max,
        answers.direction,
        answers.family
    from (
        select distinct
            metric_role,
            scale_min,
            scale_max,
            direction,
            family
        from answers
    ) as answers
    inner join metrics
        on
            answers.metric_role = metrics.role
            and answers.family = metrics.family
            and (metrics.scale_min is null or answers.scale_min = metrics.scale_min)
            and (metrics.scale_max is null or answers.scale_max = metrics.scale_max)
            and (answers.direction is null or answers.direction = metrics.direction)

),

judged as (

    select
        answers.*,
        case
            when answers.response_status in ('preview', 'test', 'spam', 'duplicate')
                then answers.response_status
            when answers.response_status in ('dismissed', 'partial')
                then answers.response_status
            when coalesce(answers.response_status, '') <> 'complete' then 'unknown_status'
            when answers.metric_role = 'comment' then 'comment'
            when
                coalesce(answers.metric_role, 'other') = 'other'
                or answers.scale_min is null
                or answers.scale_max is null
                then 'undeclared'
            -- Slices take a code that is not on the scale out of the value and keep it in words.
            when
                answers.answer_value not between answers.scale_min and answers.scale_max
                or json_extract_string(answers.attributes, '$.outside_scale') is not null
                then 'out_of_scale'
            when answers.answer_value is null then 'no_answer'
            when taken.metric_role is null then 'unmapped'
        end as verdict
    from answers
    left join taken
        on
            answers.metric_role = taken.metric_role
            and answers.scale_min = taken.scale_min
            and answers.scale_max = taken.scale_max
            and answers.family = taken.family
            and answers.direction is not distinct from taken.direction

),

-- A second answer of one account to one question on one occasion: its wave, ticket or snapshot,
-- else the day. The first one that would count is kept.
repeats as (

    select
        answer_id,
        row_number() over (
            partition by
                account_id,
                instrument,
                coalesce(question_key, question_id),
                coalesce(
                    'wave:' || wave_opened_on,
                    'ticket:' || ticket_id,
                    'snapshot:' || snapshot_date,
                    'day:' || {{ local_date('answered_at') }}
                )
            order by answered_at asc nulls last, answer_id asc
        ) as attempt
    from judged
    where
        verdict is null
        and account_id is not null

),

final as (

    select
        judged.* exclude (verdict),
        case
            when judged.verdict is not null then judged.verdict
            when repeats.attempt > 1 then 'duplicate'
        end as excluded_as
    from judged
    left join repeats on judged.answer_id = repeats.answer_id

)

select * from final
