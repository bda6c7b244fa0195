-- Grain: one fan x first day after a month, with how engaged they were when it ended.
-- Each family of activity that is on record is scored 0 to 100 against the frozen baseline, straight
-- between its knots; who does nothing has 0. The score is the mean over the families on record.
{%- set activities = ['attend', 'content', 'community', 'advocate', 'purchase'] %}
{%- set strong = 80 %}
with

counted as (

    select * from {{ ref('int_fan_engagement__activities') }}

),

records as (

    select
        activity,
        min(happened_on) as begun_on
    from {{ ref('int_deeds') }}
    where activity is not null
    group by activity

),

on_record as (

    select
        moments.moment,
        list(records.activity) as activities,
        count(*) as scored,
        count(*) filter (where records.activity <> 'purchase') as scored_without_purchase,
        -- Where nobody could be seen to be one, that nobody was is no finding.
        bool_or(records.activity = 'advocate')
        and count(*) filter (where records.activity <> 'purchase') >= 2 as shows_superfans
    from {{ ref('int_metric_moments') }} as moments
    inner join records on moments.moment >= records.begun_on + 90
    group by moments.moment

),

in_force as (

    select definition_version as baseline_version
    from {{ ref('metrics') }}
    where metric = 'fan_engagement'

),

-- A baseline with two knots at one count has the score of the higher one there.
knots as (

    select
        baselines.activity,
        baselines.percent,
        baselines.decayed_count,
        lead(baselines.percent) over by_percent as next_percent,
        lead(baselines.decayed_count) over by_percent as next_count
    from {{ ref('engagement_baselines') }} as baselines
    inner join in_force on baselines.baseline_version = in_force.baseline_version
    window by_percent as (partition by baselines.activity order by baselines.percent asc)

),

scored as (

    select
        counted.*,
        knots.percent + coalesce(
            (knots.next_percent - knots.percent)
            * (counted.decayed_count - knots.decayed_count)
            / (knots.next_count - knots.decayed_count),
            0.0
        ) as score
    from counted
    inner join knots
        on
            counted.activity = knots.activity
            and counted.decayed_count >= knots.decayed_count
            and (knots.next_count is null or counted.decayed_count < knots.next_count)

),

summed as (

    select
        person_id,
        moment,
        {%- for activity in activities %}
            sum(decayed_count) filter (where activity = '{{ activity }}') as {{ activity }}_count,
            sum(score) filter (where activity = '{{ activity }}') as {{ activity }}_score,
        {%- endfor %}
        sum(score) as score,
        sum(score) filter (where activity <> 'purchase') as score_without_purchase,
        -- A knot met to a billionth is met.
        count(*) filter (where activity <> 'purchase' and score >= {{ strong }} - 1e-9)
            as strong_families
    from scored
    group by person_id, moment

),

-- Who does nothing in a month has no row: a row before is of the month before only if its moment is.
followed as (

    select
        *,
        coalesce(advocate_count > 0, false) as has_advocated,
        strong_families >= 2
        and coalesce(
            lag(strong_families) over by_month >= 2
            and lag(moment) over by_month = moment - interval 1 month,
            false
        ) as is_strong_again
    from summed
    window by_month as (partition by person_id order by moment asc)

),

-- No score of minors, as with what is counted.
fans as (

    select stood.*
    from {{ ref('int_persons__stood_as') }} as stood
    inner join {{ ref('int_persons') }} as persons on stood.person_id = persons.person_id
    where stood.family = 'fan' and not persons.is_minor

),

final as (

    select
        fans.person_id,
        fans.audience,
        fans.moment,
        in_force.baseline_version,
        {%- for activity in activities %}
            case
                when list_contains(on_record.activities, '{{ activity }}')
                    then coalesce(followed.{{ activity }}_count, 0.0)
            end as {{ activity }}_count,
            case
                when list_contains(on_record.activities, '{{ activity }}')
                    then coalesce(followed.{{ activity }}_score, 0.0)
            end as {{ activity }}_score,
        {%- endfor %}
        coalesce(followed.score, 0.0) / on_record.scored as engagement,
        coalesce(followed.score_without_purchase, 0.0) / nullif(on_record.scored_without_purchase, 0)
            as engagement_without_purchase,
        on_record.shows_superfans,
        coalesce(followed.strong_families, 0) as strong_families,
        coalesce(followed.has_advocated, false) as has_advocated,
        case
            when on_record.shows_superfans
                then coalesce(followed.has_advocated and followed.is_strong_again, false)
        end as is_superfan
    from fans
    inner join on_record on fans.moment = on_record.moment
    cross join in_force
    left join followed
        on
            fans.person_id = followed.person_id
            and fans.moment = followed.moment

)

select * from final
