-- Grain: one metric x audience x definition version x period x segment.
-- Every value says how sure it is; a missing one says why. What was promised confidentiality is
-- published once: what was told of a wave or quarter stays as it was told, whatever came later.
with

estimates as (

    select * from {{ ref('int_metric_estimates') }}
    where period_kind <> 'preceding_90'

),

suppression as (

    select * from {{ ref('int_metric_suppression') }}

),

-- What is told once is told together: a rest that was not told with its siblings stays untold.
rests as (

    select rests.*
    from {{ ref('int_metric_rests') }} as rests
    left join {{ ref('int_metric_told') }} as told
        on
            rests.metric = told.metric
            and rests.audience = told.audience
            and rests.period_kind = told.period_kind
            and rests.period_start = told.period_start
            and rests.is_protected
    where told.metric is null

),

blanks as (

    select * from {{ ref('int_metric_blanks') }}

),

absences as (

    select * from {{ ref('int_metric_absences') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

told as (

    select * from {{ ref('int_metric_told') }}

),

sources as (

    select * from {{ ref('int_metric_sources') }}

),

maturities as (

    select * from {{ ref('int_metric_maturities') }}

),

latest as (

    select
        metric,
        audience,
        period_kind,
        max(period_start) as period_start
    from estimates
    group by metric, audience, period_kind

),

cells as (

    select
        estimates.*,
        suppression.is_suppressed
    from estimates
    inner join suppression
        on
            estimates.metric = suppression.metric
            and estimates.audience = suppression.audience
            and estimates.segment = suppression.segment
            and estimates.period_kind = suppression.period_kind
            and estimates.period_start = suppression.period_start
    where not suppression.is_unlabelled

    union all by name

    select
        *,
        false as is_suppressed
    from rests

    union all by name

    select
        *,
        true as is_suppressed
    from blanks

),

known as (

    select
        cells.*,
        false as is_absent,
        cells.period_start = latest.period_start as is_latest
    from cells
    inner join latest
        on
            cells.metric = latest.metric
            and cells.audience = latest.audience
            and cells.period_kind = latest.period_kind

    union all by name

    select
        absences.*,
        false as is_suppressed,
        true as is_absent,
        true as is_latest
    from absences

),

judged as (

    select
        known.*,
        metrics.definition_version,
        metrics.interval_method,
        sources.source_lag_minutes,
        case
            when known.is_suppressed then 'suppressed'
            when
                sources.source_lag_minutes > metrics.stale_after_days * 1440
                and (
                    known.is_latest
                    or known.period_end > {{ local_date('sources.last_loaded_as_of') }}
                )
                then 'stale'
            when known.is_absent or known.has_unknown then 'not_measured'
            -- A snapshot is over when it is taken.
            when
                (
                    known.period_kind <> 'snapshot'
                    and known.period_end + to_days(
                        cast(coalesce(maturities.maturity_days, metrics.maturity_days) as integer)
                    ) > {{ local_date(as_of()) }}
                )
                or known.value is null
                then 'not_mature'
            -- A count of all there are has no margin, however few.
            -- The last digit of a sum does not decide whether 30 are 30.
            when known.n_eff < 30 - 1e-9 and metrics.interval_method <> 'none' then 'low_n'
            else 'ok'
        end as status
    from known
    inner join metrics on known.metric = metrics.metric
    left join maturities
        on
            known.metric = maturities.metric
            and known.segment = maturities.segment
    left join sources
        on
            known.metric = sources.metric
            and known.audience = sources.audience

),

computed as (

    select
        ---------- keys
        judged.audience,
        judged.metric,
        cast(judged.definition_version as bigint) as definition_version,
        judged.period_kind,
        judged.period_start,
        judged.period_end,
        judged.segment,

        ---------- figures, none of them where suppressed or where a part is not known
        {%- set figures = [
            'value', 'numerator', 'denominator', 'n', 'n_eff', 'low', 'high', 'value_weighted',
        ] %}
        {%- for figure in figures %}
            case
                when
                    judged.status <> 'suppressed'
                    and not coalesce(judged.has_unknown, false)
                    -- Told once, and not before it is final.
                    and not (judged.status = 'not_mature' and coalesce(judged.is_protected, false))
                    then cast(judged.{{ figure }} as {{ 'bigint' if figure == 'n' else 'double' }})
            end as {{ figure }},
        {%- endfor %}

        ---------- how sure, how late
        case
            when judged.low is null and judged.high is null then 'none'
            when regexp_matches(judged.segment, '(^|;)feedback=(always_on|unsolicited)(;|$)')
                then judged.interval_method || ' among those who wrote'
            else judged.interval_method
        end as interval_method,
        judged.status,
        judged.is_latest,
        coalesce(judged.is_protected, false) as is_protected,
        {{ as_of() }} as as_of,
        judged.source_lag_minutes

    from judged

),

told_or_computed as (

    {{ told_once('told', 'computed', [
        'metric', 'audience', 'definition_version', 'period_kind', 'period_start', 'segment',
    ]) }}

),

final as (

    select
        * replace (
            coalesce(is_latest, period_start = max(period_start) over (
                partition by metric, audience, period_kind
            )) as is_latest
        )
    from told_or_computed

)

select * from final
