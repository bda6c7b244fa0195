-- Grain: one closed wave x instrument x question that those inside were asked x measure, once it may be told.
-- Beliefs: the mean, and the share that a metric of the audience's own question counts. Statements: the
-- mean, and under the question 'all' that of all of them. What was promised confidentiality is told once.
with

answers as (

    select * from {{ ref('int_culture_answers') }}
    where role <> 'choice'

),

-- From which code the audience's own answers count, by the metric that takes them.
counted_from as (

    select
        items.question_key as question,
        cast(items.scale_min as double) as scale_min,
        cast(items.scale_max as double) as scale_max,
        min(cast(metrics.top_from as double)) as top_from
    from {{ ref('survey_items') }} as items
    inner join {{ ref('metrics') }} as metrics on items.metric_role = metrics.role
    where metrics.event = 'answer' and metrics.statistic = 'proportion'
    group by items.question_key, items.scale_min, items.scale_max

),

said as (

    select
        answers.* exclude (answer_id),
        'mean' as measure,
        'bounded_mean' as statistic,
        1 as questions
    from answers

    union all by name

    select
        answers.* exclude (answer_id) replace (
            case when answers.answer_value >= counted_from.top_from then 1.0 else 0.0 end
                as answer_value
        ),
        'top_share' as measure,
        'proportion' as statistic,
        1 as questions
    from answers
    inner join counted_from
        on
            answers.question = counted_from.question
            and answers.scale_min = counted_from.scale_min
            and answers.scale_max = counted_from.scale_max
    where answers.role = 'belief'

    union all by name

    -- A person's statements together: a sum, so that its points are whole.
    select
        instrument,
        confidentiality,
        minimum_group,
        period_start,
        period_end,
        role,
        'all' as question,
        respondent_id,
        sum(answer_value) as answer_value,
        sum(scale_min) as scale_min,
        sum(scale_max) as scale_max,
        'mean' as measure,
        'bounded_mean' as statistic,
        count(*) as questions
    from answers
    where role = 'statement'
    group by
        instrument, confidentiality, minimum_group, period_start, period_end, role,
        respondent_id

),

summed as (

    select
        instrument,
        confidentiality,
        minimum_group,
        period_start,
        period_end,
        role,
        question,
        measure,
        statistic,
        questions,
        scale_min,
        scale_max,
        count(distinct respondent_id) as people,
        count(*) as n_eff,
        avg(answer_value) as mean,
        avg(answer_value * answer_value) as mean_square,
        min(answer_value) = max(answer_value) as is_uniform,
        ---------- what the other statistics read
        'normal' as interval_method,
        {{ figures_of_other_statistics([
            'share_positive', 'share_negative', 'resampled_error', 'resampled_low',
            'resampled_high', 'cluster_variance', 'total', 'exposure',
        ]) }}
    from said
    group by all

),

centred as (

    select
        *,
        {{ interval_by_statistic('center') }} as center,
        {{ interval_by_statistic('std_error') }} as std_error
    from summed

),

-- Fewer than ten who all answered alike are as good as named. The mean of all statements and all but
-- one would tell that one, and of a belief a hidden measure is not to be had from the other.
judged as (

    select
        *,
        mean / questions as value,
        std_error / questions as error,
        {{ interval_bound('-') }} / questions as low,
        {{ interval_bound('+') }} / questions as high,
        bool_or(people < minimum_group or (is_uniform and people < 10)) over together
            as is_hidden
    from centred
    window together as (
        partition by
            instrument, period_start, role,
            case when role = 'belief' then question end
    )

),

told as (

    select * from {{ ref('int_culture__told') }}

),

computed as (

    select
        instrument,
        role,
        question,
        period_start,
        period_end,
        measure,
        case when not is_hidden then people end as people,
        case when not is_hidden then value end as value,
        case when not is_hidden then error end as std_error,
        case when not is_hidden then low end as low,
        case when not is_hidden then high end as high,
        confidentiality <> 'identified' as is_protected,
        case when is_hidden then 'suppressed' when people < 30 then 'low_n' else 'ok' end
            as status
    from judged

),

final as (

    {{ told_once('told', 'computed', ['instrument', 'period_start']) }}

)

select * from final
