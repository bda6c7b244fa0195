{#
    The estimates with how many respondents stand behind each (of an invitation those who answered),
    the fewest that may be shown, and its place in its line, the segments of one cut in one period:
    unlabelled first, then by size. `has_small` says whether one of the line is too small,
    `has_other_cuts` whether the metric is published by another cut too, so that a total may be shown
    beside it. What a platform says of its numbers is public and counts nobody: it is never small.
    Fewer than ten who all answered alike are as good as named, so they are small too; answers that
    are hidden together must be `enough` to be told whatever they are. A wave keeps the minimum and
    the cuts that were declared when it opened.
#}
{% macro sized_estimates() %}
    select
        sized.*,
        bool_or(sized.is_small) over line as has_small,
        row_number() over (
            line order by sized.is_unlabelled desc, sized.respondents asc, sized.segment asc
        ) as position
    from (
        select
            counted.*,
            counted.is_of_persons
            and (
                counted.respondents < counted.minimum_group
                or (counted.is_of_answers and counted.is_uniform and counted.respondents < 10)
            ) as is_small,
            greatest(counted.minimum_group, case when counted.is_of_answers then 10 else 5 end)
                as enough
        from (
            select
                estimates.metric,
                estimates.audience,
                estimates.segment,
                estimates.series_key,
                estimates.period_key,
                estimates.period_kind,
                estimates.period_start,
                estimates.period_end,
                coalesce(
                    estimates.n * estimates.total_squares - pow(estimates.numerator, 2) < 1e-9,
                    false
                ) as is_uniform,
                metrics.event in ('answer', 'stars', 'label', 'invitation') as is_of_answers,
                metrics.event <> 'public_count' as is_of_persons,
                -- How somebody stood at the end of a month is no part of how they stood at the end
                -- of a quarter; what happened in its course is.
                coalesce(metrics.kind <> 'distinct' or metrics.statistic = 'ratio', true)
                    as adds_up,
                contains(metrics.segments, '|') as has_other_cuts,
                metrics.segments = 'all'
                or (
                    estimates.segment <> 'all'
                    and estimates.segment
                    = {{ cut_of('estimates.segment', 'metrics.segments') }}
                ) as stands_alone,
                {{ is_unlabelled('estimates.segment') }}
                or (
                    estimates.segment <> 'all'
                    and not list_contains(
                        string_split(terms.segments, '|'),
                        regexp_replace(estimates.segment, '=[^;]*', '', 'g')
                    )
                    and terms.segments is not null
                ) as is_unlabelled,
                {{ cut_of('estimates.segment', 'metrics.segments') }} as cut,
                coalesce(
                    terms.minimum_group,
                    {{ minimum_group('audiences', "metrics.event = 'label'") }}
                ) as minimum_group,
                case
                    when metrics.event = 'invitation' then estimates.persons_counted
                    else estimates.persons
                end as respondents
            from {{ ref('int_metric_estimates') }} as estimates
            inner join {{ ref('metrics') }} as metrics on estimates.metric = metrics.metric
            left join {{ ref('audiences') }} as audiences
                on estimates.audience = audiences.audience
            -- By equality alone: a condition on one side would hold each estimate against each wave.
            left join (
                select
                    *,
                    'wave' as period_kind
                from {{ ref('int_metric_wave_terms') }}
            ) as terms
                on
                    estimates.metric = terms.metric
                    and estimates.audience = terms.audience
                    and estimates.period_kind = terms.period_kind
                    and estimates.period_start = terms.wave_opened_on
        ) as counted
    ) as sized
    window line as (
        partition by
            sized.metric, sized.audience, sized.cut, sized.period_kind, sized.period_start
    )
{% endmacro %}

{#
    The cut of a segment: the segments that are subtracted from one total. Feedback of another kind is
    no part of 'all', and where no total is published nothing can be subtracted from it: such a
    segment is a cut of its own.
#}
{% macro cut_of(segment, segments) -%}
    case
        when
            {{ segment }} like 'feedback=%'
            or not list_contains(string_split({{ segments }}, '|'), 'all')
            then {{ segment }}
        else regexp_replace({{ segment }}, '=[^;]*', '', 'g')
    end
{%- endmacro %}

{# The fewest people of an audience that a figure may tell of: ten of minors, and where `takes_ten`. #}
{% macro minimum_group(audiences, takes_ten='false') -%}
    greatest(
        coalesce({{ audiences }}.minimum_group, 5),
        case when {{ audiences }}.is_minor or {{ takes_ten }} then 10 else 5 end
    )
{%- endmacro %}
