{#
    The estimates with how many respondents stand behind each (of an invitation those who answered),
    the fewest that may be shown, and its place in its line, the segments of one cut in one period:
    unlabelled first, then by size. `has_small` says whether one of the line is too small. What a
    platform says of its numbers is public and counts nobody, so it is never small.
#}
{% macro sized_estimates() %}
    select
        sized.*,
        sized.is_of_persons and sized.respondents < sized.minimum_group as is_small,
        bool_or(sized.is_of_persons and sized.respondents < sized.minimum_group) over line
            as has_small,
        row_number() over (
            line order by sized.is_unlabelled desc, sized.respondents asc, sized.segment asc
        ) as position
    from (
        select
            estimates.metric,
            estimates.audience,
            estimates.segment,
            estimates.series_key,
            estimates.period_key,
            estimates.period_kind,
            estimates.period_start,
            {{ is_unlabelled('estimates.segment') }} as is_unlabelled,
            -- Feedback of another kind is no part of 'all' and has no sibling.
            case
                when estimates.segment like 'feedback=%' then estimates.segment
                else regexp_replace(estimates.segment, '=[^;]*', '', 'g')
            end as cut,
            greatest(
                coalesce(audiences.minimum_group, 5),
                case when audiences.is_minor then 10 else 5 end
            ) as minimum_group,
            metrics.event <> 'public_count' as is_of_persons,
            case
                when metrics.event = 'invitation' then estimates.persons_counted
                else estimates.persons
            end as respondents
        from {{ ref('int_metric_estimates') }} as estimates
        inner join {{ ref('metrics') }} as metrics on estimates.metric = metrics.metric
        left join {{ ref('audiences') }} as audiences
            on estimates.audience = audiences.audience
    ) as sized
    window line as (
        partition by
            sized.metric, sized.audience, sized.cut, sized.period_kind, sized.period_start
    )
{% endmacro %}
