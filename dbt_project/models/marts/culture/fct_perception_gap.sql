-- Grain: one question x audience x closed wave x measure: what the audience answered, and what those
-- inside believe that it does. Two independent samples: shares by Newcombe, means by the sum of errors.
with

believed as (

    select
        culture.*,
        beliefs.audience
    from {{ ref('fct_culture') }} as culture
    inner join {{ ref('beliefs') }} as beliefs on culture.question = beliefs.question_key
    where culture.role = 'belief'

),

answered as (

    select
        *,
        case measure when 'mean' then 'bounded_mean' else 'proportion' end as statistic,
        ---------- what the other statistics read
        'normal' as interval_method,
        {{ figures_of_other_statistics([
            'share_positive', 'share_negative', 'resampled_error', 'resampled_low',
            'resampled_high', 'cluster_variance', 'total', 'exposure',
        ]) }}
    from {{ ref('int_perception_answers') }}

),

centred as (

    select
        *,
        {{ interval_by_statistic('center') }} as center,
        {{ interval_by_statistic('std_error') }} as std_error
    from answered

),

measured as (

    select
        *,
        {{ interval_bound('-') }} as low,
        {{ interval_bound('+') }} as high
    from centred

),

-- What is hidden of the score is hidden here.
hidden as (

    select distinct
        metrics.role,
        metric_values.audience,
        metric_values.period_start
    from {{ ref('fct_metric_values') }} as metric_values
    inner join {{ ref('metrics') }} as metrics on metric_values.metric = metrics.metric
    where
        metrics.event = 'answer'
        and metric_values.period_kind = 'quarter'
        and metric_values.segment = 'all'
        and metric_values.status = 'suppressed'

),

paired as (

    select
        believed.question,
        believed.audience,
        believed.instrument,
        believed.period_start,
        believed.period_end,
        believed.measure,
        believed.value as believed,
        believed.low as believed_low,
        believed.high as believed_high,
        believed.std_error as believed_error,
        believed.people as people_inside,
        believed.status as status_inside,
        measured.mean as answered,
        measured.low as answered_low,
        measured.high as answered_high,
        measured.std_error as answered_error,
        measured.people as people_of_audience,
        measured.n_eff,
        case
            when believed.status = 'suppressed' then 'too few inside'
            when measured.people is null then 'nobody of the audience answered'
            when
                measured.people < {{ minimum_group('audiences') }}
                or (measured.people < 10 and measured.mean_square - pow(measured.mean, 2) < 1e-12)
                or measured.people_beside between 1 and {{ minimum_group('audiences') }} - 1
                or hidden.audience is not null
                then 'too few of the audience'
        end as reason
    from believed
    left join measured
        on
            believed.instrument = measured.instrument
            and believed.question = measured.question
            and believed.audience = measured.audience
            and believed.period_start = measured.period_start
            and believed.measure = measured.measure
    left join {{ ref('audiences') }} as audiences on believed.audience = audiences.audience
    left join hidden
        on
            believed.audience = hidden.audience
            and measured.quarter_start = hidden.period_start
            and measured.role = hidden.role

),

-- Both measures of one question are hidden together: one would tell of the other.
judged as (

    select
        * replace (
            coalesce(reason, max(reason) over (partition by instrument, question, period_start))
                as reason
        ),
        believed - answered as gap
    from paired

),

intervals as (

    select
        *,
        case measure
            when 'mean'
                then gap - 1.959964 * sqrt(pow(believed_error, 2) + pow(answered_error, 2))
            else {{ newcombe('-', 'believed', 'answered') }}
        end as low,
        case measure
            when 'mean'
                then gap + 1.959964 * sqrt(pow(believed_error, 2) + pow(answered_error, 2))
            else {{ newcombe('+', 'believed', 'answered') }}
        end as high
    from judged

),

final as (

    select
        question,
        audience,
        instrument,
        period_start,
        period_end,
        measure,
        case when reason is null then answered end as answered,
        case when reason is null then people_of_audience end as people_of_audience,
        case when status_inside <> 'suppressed' then believed end as believed,
        case when status_inside <> 'suppressed' then people_inside end as people_inside,
        case when reason is null then gap end as gap,
        case when reason is null then low end as low,
        case when reason is null then high end as high,
        case
            when reason is not null then null
            when low > 0 then 'believed higher'
            when high < 0 then 'believed lower'
            else 'no clear gap'
        end as verdict,
        case
            when reason = 'nobody of the audience answered' then 'not_measured'
            when reason is not null then 'suppressed'
            when least(n_eff, people_inside) < 30 then 'low_n'
            else 'ok'
        end as status,
        reason
    from intervals

)

select * from final
