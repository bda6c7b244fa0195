-- Grain: one instrument x question x period x outcome: how many answers came and what became of them.
-- Received is the sum over the outcomes. Protected instruments by wave, else quarter; others by
-- wave, else month. Of a protected one an outcome of too few people is suppressed, and the next
-- smallest with it, until those hidden are enough together; what counts comes last.
with

answers as (

    select
        *,
        coalesce(confidentiality, 'confidential') <> 'identified' as is_protected,
        {{ local_date('answered_at') }} as answered_on
    from {{ ref('int_survey_answers__judged') }}

),

placed as (

    select
        answers.instrument,
        coalesce(answers.question_key, answers.question_id) as question,
        coalesce(answers.excluded_as, 'counted') as outcome,
        coalesce(answers.person_id, answers.account_id, answers.response_id) as respondent_id,
        answers.is_protected,
        case
            when answers.wave_opened_on is not null then 'wave'
            when answers.snapshot_date is not null then 'snapshot'
            when answers.answered_on is null then 'undated'
            when answers.is_protected then 'quarter'
            else 'month'
        end as period_kind,
        case
            when answers.wave_opened_on is not null then answers.wave_opened_on
            when answers.snapshot_date is not null then answers.snapshot_date
            when answers.is_protected then cast(date_trunc('quarter', answers.answered_on) as date)
            else cast(date_trunc('month', answers.answered_on) as date)
        end as period_start,
        answers.wave_closed_on
    from answers

),

tallied as (

    select
        instrument,
        question,
        period_kind,
        period_start,
        case period_kind
            when 'wave'
                then nullif(
                    max(coalesce(wave_closed_on, date '9999-12-31')), date '9999-12-31'
                )
            when 'snapshot' then cast(period_start + interval 1 day as date)
            when 'quarter' then cast(period_start + interval 3 month as date)
            when 'month' then cast(period_start + interval 1 month as date)
        end as period_end,
        outcome,
        is_protected,
        count(*) as answers,
        count(distinct respondent_id) as respondents
    from placed
    group by instrument, question, period_kind, period_start, outcome, is_protected

),

sized as (

    select
        tallied.*,
        coalesce(protection.minimum_group, 5) as minimum_group,
        -- Comments take a larger group (domain, privacy).
        case
            when tallied.outcome = 'comment'
                then greatest(coalesce(protection.minimum_group, 5), 10)
            else coalesce(protection.minimum_group, 5)
        end as least
    from tallied
    left join {{ ref('int_instruments__protection') }} as protection
        on tallied.instrument = protection.instrument

),

hidden as (

    select
        sized.*,
        sized.respondents < sized.least
        or (
            bool_or(sized.respondents < sized.least) over question_of_period
            and coalesce(sum(sized.respondents) over (
                question_of_period
                order by sized.outcome = 'counted' asc, sized.respondents asc, sized.outcome asc
                rows between unbounded preceding and 1 preceding
            ), 0) < sized.minimum_group
        ) as is_suppressed
    from sized
    window question_of_period as (
        partition by
            sized.instrument, sized.question, sized.period_kind, sized.period_start,
            sized.is_protected
    )

),

final as (

    select
        instrument,
        question,
        period_kind,
        period_start,
        period_end,
        outcome,
        is_protected,
        answers,
        respondents,
        coalesce(
            period_end <= {{ local_date(as_of()) }}, not is_protected and period_kind = 'undated'
        ) as is_closed,
        case when is_suppressed then 'suppressed' else 'ok' end as status
    from hidden

)

select * from final
