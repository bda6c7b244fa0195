-- Grain: one instrument x closed period x measure x metric x margin x level: what those who did not
-- answer may change. Three measures side by side, none of them a correction:
-- profile: who answered against who was asked; late: the last third to answer against the first;
-- weighted: the score with the answerers weighted to the profile of the invited (preview).
-- What was promised confidentiality is told once: a late answer would tell itself.
with

participation as (

    select * from {{ ref('int_survey_participation') }}

),

scored as (

    select * from {{ ref('int_survey_participation__scored') }}

),

-- What was asked in a period, and of how many people.
periods as (

    select
        instrument,
        confidentiality,
        minimum_group,
        period_kind,
        period_start,
        period_end,
        count(*) as invited,
        count(distinct respondent_id) filter (where is_answered) as answerers,
        period_end + interval 14 day > {{ local_date(as_of()) }} as is_young
    from participation
    group by all

),

profile as (

    select
        'profile' as measure,
        instrument,
        period_kind,
        period_start,
        margin,
        counted_as as level,
        sum(invited) as invited,
        sum(answered) as answered,
        sum(answered) / nullif(sum(sum(answered)) over margin_of_period, 0) as value,
        sum(invited) / nullif(sum(sum(invited)) over margin_of_period, 0) as baseline,
        sum(sum(answered)) over margin_of_period as n
    from {{ ref('int_survey_participation__levels') }}
    group by instrument, period_kind, period_start, margin, counted_as
    window margin_of_period as (
        partition by instrument, period_kind, period_start, margin
    )

),

thirds as (

    select
        scored.*,
        ntile(3) over (
            partition by instrument, period_kind, period_start, metric
            order by delay asc, invitation_id asc
        ) as third
    from scored
    where delay is not null

),

ends as (

    select
        instrument,
        minimum_group,
        period_kind,
        period_start,
        metric,
        statistic,
        factor,
        third,
        count(*) as n_eff,
        avg(value) as mean,
        avg(case when value > 0 then 1.0 else 0.0 end) as share_positive,
        avg(case when value < 0 then 1.0 else 0.0 end) as share_negative,
        ---------- what the other statistics read
        'other' as interval_method,
        {{ figures_of_other_statistics([
            'mean_square', 'scale_min', 'scale_max', 'resampled_error', 'cluster_variance',
            'total', 'exposure',
        ]) }}
    from thirds
    where third <> 2
    group by all

),

measured_ends as (

    select
        *,
        {{ interval_by_statistic('std_error') }} as std_error
    from ends

),

late as (

    select
        'late' as measure,
        last.instrument,
        last.period_kind,
        last.period_start,
        last.metric,
        last.n_eff + first.n_eff as answered,
        least(last.n_eff, first.n_eff) as n,
        last.mean * last.factor as value,
        first.mean * first.factor as baseline,
        1.959964 * last.factor * sqrt(pow(last.std_error, 2) + pow(first.std_error, 2)) as margin_of_error
    from measured_ends as last
    inner join measured_ends as first
        on
            last.instrument = first.instrument
            and last.period_kind = first.period_kind
            and last.period_start = first.period_start
            and last.metric = first.metric
    where last.third = 3 and first.third = 1

),

factors as (

    select distinct
        metric,
        factor
    from scored

),

weighted as (

    select
        'weighted' as measure,
        raking.instrument,
        raking.period_kind,
        raking.period_start,
        raking.metric,
        sum(raking.answerers) as answered,
        sum(raking.answerers) as n,
        any_value(factors.factor) * sum(raking.weight * raking.total)
        / sum(raking.weight * raking.answerers) as value,
        any_value(factors.factor) * sum(raking.total) / sum(raking.answerers) as baseline,
        pow(sum(raking.weight * raking.answerers), 2)
        / sum(raking.weight * raking.weight * raking.answerers) as n_eff,
        coalesce(sum(raking.answerers) filter (where raking.weight <> raking.untrimmed_weight), 0)
            as trimmed,
        bool_and(raking.is_converged) as is_converged,
        min(raking.answerers) as smallest_cell
    from {{ ref('int_survey_raking') }} as raking
    inner join factors on raking.metric = factors.metric
    group by raking.instrument, raking.period_kind, raking.period_start, raking.metric

),

measured as (

    select * from profile
    union all by name
    select * from late
    union all by name
    select * from weighted

),

-- A measure that can not be had says why, once a period.
measures as (

    select unnest(['profile', 'late', 'weighted']) as measure

),

missing as (

    select
        measures.measure,
        periods.instrument,
        periods.period_kind,
        periods.period_start,
        case
            when periods.confidentiality = 'anonymous' then 'anonymous'
            else 'no_linked_answers'
        end as reason
    from periods
    cross join measures
    left join measured
        on
            periods.instrument = measured.instrument
            and periods.period_kind = measured.period_kind
            and periods.period_start = measured.period_start
            and measures.measure = measured.measure
    where measured.measure is null

),

known as (

    select * from measured
    union all by name
    select * from missing

),

judged as (

    select
        known.*,
        periods.confidentiality,
        periods.period_end,
        periods.invited as asked,
        case
            when known.reason is not null then 'not_measured'
            when periods.is_young then 'not_mature'
            when
                periods.answerers < periods.minimum_group
                or known.n < periods.minimum_group
                -- With scores by audience and by department a weighted one would give each cell away.
                or (
                    periods.confidentiality <> 'identified'
                    and known.smallest_cell < periods.minimum_group
                )
                then 'suppressed'
            when known.n < 30 then 'low_n'
            else 'ok'
        end as status
    from known
    inner join periods
        on
            known.instrument = periods.instrument
            and known.period_kind = periods.period_kind
            and known.period_start = periods.period_start

),

-- The last digit of a sum of weights is no difference, and nothing is less than nothing.
shown as (

    select
        * exclude (value),
        round(value, 12) + 0.0 as value,
        round(value - baseline, 12) + 0.0 as difference,
        status in ('ok', 'low_n') as is_shown
    from judged

),

computed as (

    select
        ---------- keys
        instrument,
        period_kind,
        period_start,
        period_end,
        measure,
        metric,
        margin,
        level,
        confidentiality <> 'identified' as is_protected,

        ---------- figures, none of them where the status says so
        case when is_shown then coalesce(invited, asked) end as invited,
        case when is_shown then answered end as answered,
        case when is_shown then value end as value,
        case when is_shown then baseline end as baseline,
        case when is_shown then difference end as difference,
        case when is_shown then difference - margin_of_error end as low,
        case when is_shown then difference + margin_of_error end as high,
        case
            when is_shown and measure = 'profile'
                then
                    difference
                    / nullif(sqrt((value * (1 - value) + baseline * (1 - baseline)) / 2), 0)
        end as standardised_difference,
        case when is_shown then n_eff end as n_eff,
        case when is_shown then trimmed end as trimmed,
        case when is_shown then is_converged end as is_converged,

        ---------- how to read it
        case measure
            when 'profile' then 'description'
            when 'late' then 'association'
            else 'preview'
        end as reading,
        status,
        reason

    from shown

),

told as (

    select * from {{ ref('int_survey_nonresponse__told') }}

),

final as (

    {{ told_once('told', 'computed', ['instrument', 'period_kind', 'period_start', 'measure']) }}

)

select * from final
