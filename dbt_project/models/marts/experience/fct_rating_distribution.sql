-- Grain: one audience x instrument x question x scale x quarter or snapshot x code of the scale.
-- Identified instruments alone: how few said what would be told of a small team.
with

answers as (

    select
        audience,
        json_extract_string(dimensions, 'instrument') as instrument,
        scale_key,
        scale_min,
        scale_max,
        respondent_id,
        value,
        observed_on,
        snapshot_date
    from {{ ref('int_metric_events') }}
    where
        event = 'answer'
        and role = 'rating'
        and not is_protected
        -- Half a star has no code of its own.
        and value = floor(value)

),

-- An identified answer may belong to a wave; it is placed by its day like any other.
placements as (

    select distinct
        observed_on,
        snapshot_date,
        period_kind,
        period_start,
        period_end
    from {{ ref('int_metric_placements') }}
    where
        metric = 'rating_mean'
        and not is_protected
        and period_kind in ('quarter', 'snapshot')

),

placed as (

    select
        answers.*,
        placements.period_kind,
        placements.period_start,
        placements.period_end
    from answers
    inner join placements
        on
            answers.observed_on is not distinct from placements.observed_on
            and answers.snapshot_date is not distinct from placements.snapshot_date

),

questions as (

    select
        audience,
        instrument,
        scale_key,
        scale_min,
        scale_max,
        period_kind,
        period_start,
        period_end,
        count(*) as n,
        count(distinct respondent_id) as respondents
    from placed
    group by all

),

codes as (

    select
        *,
        cast(
            unnest(generate_series(cast(scale_min as bigint), cast(scale_max as bigint)))
            as double
        ) as code
    from questions
    -- A slider of a hundred points is no distribution.
    where scale_max - scale_min <= 10

),

counted as (

    select
        audience,
        scale_key,
        period_kind,
        period_start,
        value as code,
        count(*) as answers
    from placed
    group by all

),

suppression as (

    select * from {{ ref('int_metric_suppression') }}
    where metric = 'rating_mean'

),

mixtures as (

    select
        audience,
        quarter,
        'quarter' as period_kind
    from {{ ref('int_metric_mixtures') }}
    where metric = 'rating_mean'

),

final as (

    select
        codes.audience,
        codes.instrument,
        codes.scale_key as question,
        codes.scale_min,
        codes.scale_max,
        codes.period_kind,
        codes.period_start,
        codes.period_end,
        codes.code,
        codes.n,
        codes.respondents,
        coalesce(counted.answers, 0) as answers,
        coalesce(counted.answers, 0) / codes.n as share,
        case
            when
                codes.respondents < {{ minimum_group('audiences') }}
                -- Fewer than ten who all answered alike are as good as named.
                or (
                    codes.respondents < 10
                    and max(coalesce(counted.answers, 0)) over (
                        partition by
                            codes.audience, codes.scale_key, codes.period_kind, codes.period_start
                    ) = codes.n
                )
                -- The same answers as those of the mean: what is hidden there is hidden here.
                or coalesce(suppression.is_suppressed, false)
                or mixtures.audience is not null
                then 'suppressed'
            when codes.n < 30 then 'low_n'
            else 'ok'
        end as status
    from codes
    left join counted
        on
            codes.audience = counted.audience
            and codes.scale_key = counted.scale_key
            and codes.period_kind = counted.period_kind
            and codes.period_start = counted.period_start
            and codes.code = counted.code
    left join {{ ref('audiences') }} as audiences on codes.audience = audiences.audience
    left join suppression
        on
            codes.audience = suppression.audience
            and 'instrument=' || url_encode(codes.instrument) = suppression.segment
            and codes.period_kind = suppression.period_kind
            and codes.period_start = suppression.period_start
    left join mixtures
        on
            codes.audience = mixtures.audience
            and codes.period_start = mixtures.quarter
            and codes.period_kind = mixtures.period_kind

)

select * from final
