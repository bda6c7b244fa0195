-- Grain: one audience x stage of a journey: effort that was seen beside the ease that was answered.
-- Over the last four closed quarters. The correlation is that of ranks (Spearman), its error the
-- linearised one over persons, its interval Fisher's. No clear link is a result, and no cause is
-- claimed. Where CES of one of the quarters is hidden, or what another stage or no stage at all has is
-- small, nothing is shown that could be subtracted: no counts and no means, only how both go together.
with

clock as (

    select cast(date_trunc('quarter', {{ local_date(as_of()) }}) as date) as ends_on

),

answers as (

    select
        answers.*,
        clock.ends_on
    from {{ ref('int_friction_answers') }} as answers
    cross join clock
    where
        answers.answered_on >= clock.ends_on - interval 1 year
        and answers.answered_on < clock.ends_on

),

audiences as (

    select * from {{ ref('audiences') }}

),

hidden as (

    select distinct metric_values.audience
    from {{ ref('fct_metric_values') }} as metric_values
    cross join clock
    where
        metric_values.metric in ('ces_mean', 'ces_top')
        and metric_values.period_kind = 'quarter'
        and metric_values.segment = 'all'
        and metric_values.period_end > clock.ends_on - interval 1 year
        and metric_values.status = 'suppressed'

),

sized as (

    select
        answers.audience,
        answers.journey,
        answers.stage,
        count(distinct answers.respondent_id) as people,
        count(distinct answers.respondent_id) filter (where answers.effort > 0) as people_with,
        count(distinct answers.respondent_id) filter (where answers.effort = 0) as people_without
    from answers
    group by answers.audience, answers.journey, answers.stage

),

judged as (

    select
        sized.*,
        sized.people < {{ minimum_group('audiences') }}
        or sized.people_with between 1 and {{ minimum_group('audiences') }} - 1
        or sized.people_without between 1 and {{ minimum_group('audiences') }} - 1
            as is_hidden,
        hidden.audience is not null
        or bool_or(sized.people < {{ minimum_group('audiences') }})
            over (partition by sized.audience) as is_told_apart
    from sized
    left join audiences on sized.audience = audiences.audience
    left join hidden on sized.audience = hidden.audience

),

-- Who share a value share the middle of the places that they take.
ranked as (

    select
        *,
        rank() over (partition by audience, journey, stage order by ces asc)
        + (count(*) over (partition by audience, journey, stage, ces) - 1) / 2.0 as ces_rank,
        rank() over (partition by audience, journey, stage order by effort asc)
        + (count(*) over (partition by audience, journey, stage, effort) - 1) / 2.0
            as effort_rank
    from answers
    where effort is not null

),

standardised as (

    select
        *,
        (ces_rank - avg(ces_rank) over one_stage)
        / nullif(stddev_pop(ces_rank) over one_stage, 0) as z_ces,
        (effort_rank - avg(effort_rank) over one_stage)
        / nullif(stddev_pop(effort_rank) over one_stage, 0) as z_effort
    from ranked
    window one_stage as (partition by audience, journey, stage)

),

cells as (

    select
        audience,
        journey,
        stage,
        count(*) as answers,
        avg(ces) as ces_mean,
        avg(case when effort > 0 then 1.0 else 0.0 end) as effort_share,
        avg(ces) filter (where effort = 0) as ces_without,
        avg(ces) filter (where effort > 0) as ces_with,
        count(*) filter (where effort = 0) as answers_without,
        count(*) filter (where effort > 0) as answers_with,
        avg(z_ces * z_effort) as correlation
    from standardised
    group by audience, journey, stage

),

-- What each person adds to the correlation and to the difference.
influences as (

    select
        standardised.audience,
        standardised.journey,
        standardised.stage,
        standardised.respondent_id,
        sum(
            standardised.z_ces * standardised.z_effort
            - cells.correlation / 2.0
            * (pow(standardised.z_ces, 2) + pow(standardised.z_effort, 2))
        ) / max(cells.answers) as of_correlation,
        sum(case
            when standardised.effort > 0
                then (standardised.ces - cells.ces_with) / cells.answers_with
            else (cells.ces_without - standardised.ces) / cells.answers_without
        end) as of_difference
    from standardised
    inner join cells
        on
            standardised.audience = cells.audience
            and standardised.journey = cells.journey
            and standardised.stage = cells.stage
    group by
        standardised.audience, standardised.journey, standardised.stage,
        standardised.respondent_id

),

errors as (

    select
        audience,
        journey,
        stage,
        sqrt(sum(pow(of_correlation, 2)) * count(*) / nullif(count(*) - 1, 0)) as of_correlation,
        sqrt(sum(pow(of_difference, 2)) * count(*) / nullif(count(*) - 1, 0)) as of_difference
    from influences
    group by audience, journey, stage

),

measured as (

    select
        judged.audience,
        judged.journey,
        judged.stage,
        judged.people,
        judged.is_told_apart,
        cells.* exclude (audience, journey, stage),
        cells.ces_with - cells.ces_without as difference,
        errors.of_difference,
        -- Two that go together without exception leave no error to tell.
        case
            when abs(cells.correlation) < 1 - 1e-12
                then errors.of_correlation / (1 - pow(cells.correlation, 2))
        end as of_fisher,
        case
            when judged.is_hidden then 'suppressed'
            when cells.correlation is null then 'not_measured'
            when judged.people < 30 then 'low_n'
            else 'ok'
        end as status
    from judged
    inner join cells
        on
            judged.audience = cells.audience
            and judged.journey = cells.journey
            and judged.stage = cells.stage
    inner join errors
        on
            judged.audience = errors.audience
            and judged.journey = errors.journey
            and judged.stage = errors.stage

),

bounded as (

    select
        *,
        difference - 1.959964 * of_difference as difference_low,
        difference + 1.959964 * of_difference as difference_high,
        tanh(atanh(case when of_fisher is not null then correlation end) - 1.959964 * of_fisher)
            as correlation_low,
        tanh(atanh(case when of_fisher is not null then correlation end) + 1.959964 * of_fisher)
            as correlation_high
    from measured

),

final as (

    select
        ---------- keys
        bounded.audience,
        bounded.journey,
        bounded.stage,
        cast(clock.ends_on - interval 1 year as date) as period_start,
        clock.ends_on as period_end,

        ---------- figures
        {%- for figure in [
            'answers', 'people', 'ces_mean', 'effort_share', 'ces_without', 'ces_with',
        ] %}
            case
                when bounded.status <> 'suppressed' and not bounded.is_told_apart
                    then bounded.{{ figure }}
            end as {{ figure }},
        {%- endfor %}
        {%- for figure in [
            'difference', 'difference_low', 'difference_high',
            'correlation', 'correlation_low', 'correlation_high',
        ] %}
            case when bounded.status <> 'suppressed' then bounded.{{ figure }} end as {{ figure }},
        {%- endfor %}
        case
            when bounded.status in ('suppressed', 'not_measured') then null
            when bounded.correlation_high < 0 then 'harder with effort'
            when bounded.correlation_low > 0 then 'easier with effort'
            else 'no clear link'
        end as finding,
        'association, not cause' as basis,
        bounded.status

    from bounded
    cross join clock

)

select * from final
