-- Grain: one answer that counts of what those inside were asked of the organisation, in its closed wave.
-- The roles that no metric takes: belief, statement and choice. Of a person's repeats the first counts;
-- of statements only those of people who answered all of the instrument in that wave, so that no two
-- figures of a wave differ by a handful. People stop here: marts take sums.
with

answers as (

    select
        *,
        coalesce(person_id, account_id, response_id) as respondent_id
    from {{ ref('int_survey_answers__judged') }}
    where
        metric_role in ('belief', 'statement', 'choice')
        and excluded_as = 'unmapped'
        and wave_opened_on is not null
        and question_key is not null

),

waves as (

    select
        instrument,
        wave_opened_on,
        max(coalesce(wave_closed_on, date '9999-12-31')) as wave_closed_on
    from answers
    group by instrument, wave_opened_on

),

firsts as (

    select
        answers.* exclude (wave_closed_on),
        waves.wave_closed_on
    from answers
    inner join waves
        on
            answers.instrument = waves.instrument
            and answers.wave_opened_on = waves.wave_opened_on
    where waves.wave_closed_on <= {{ local_date(as_of()) }}
    qualify
        row_number() over (
            partition by
                answers.instrument, answers.wave_opened_on, answers.metric_role,
                answers.question_key, answers.respondent_id
            order by answers.answered_at asc nulls last, answers.answer_id asc
        ) = 1

),

asked as (

    select
        instrument,
        wave_opened_on,
        count(distinct question_key) as statements
    from firsts
    where metric_role = 'statement'
    group by instrument, wave_opened_on

),

counted as (

    select
        firsts.*,
        count(*) over (
            partition by
                firsts.instrument, firsts.wave_opened_on, firsts.metric_role,
                firsts.respondent_id
        ) as answered,
        asked.statements
    from firsts
    left join asked
        on
            firsts.instrument = asked.instrument
            and firsts.wave_opened_on = asked.wave_opened_on

),

final as (

    select
        counted.answer_id,
        counted.instrument,
        counted.confidentiality,
        protection.minimum_group,
        counted.wave_opened_on as period_start,
        counted.wave_closed_on as period_end,
        counted.metric_role as role,
        counted.question_key as question,
        counted.respondent_id,
        counted.answer_value,
        counted.scale_min,
        counted.scale_max,
        case when counted.confidentiality <> 'anonymous' then units.department end as department
    from counted
    inner join {{ ref('int_instruments__protection') }} as protection
        on counted.instrument = protection.instrument
    left join {{ ref('int_employments__units_at_wave') }} as units
        on
            counted.person_id = units.person_id
            and counted.wave_opened_on = units.wave_opened_on
    where counted.metric_role <> 'statement' or counted.answered = counted.statements

)

select * from final
