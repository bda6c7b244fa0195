-- Grain: one audience x stage of a journey x quarter x kind of friction, and 'any' of its touchpoints.
-- 'any' is what the metrics friction_share and friction_minutes say; nothing is counted anew there.
-- A kind behind which fewer than the minimum group stand is hidden, and with it the next smallest
-- kind: one alone could be had from the others and 'any'. Steps have no 'any'; of them those who were
-- decided or went back are hidden too, as what is left over.
with

metric_values as (

    select * from {{ ref('fct_metric_values') }}
    where
        metric in ('friction_share', 'friction_minutes')
        and period_kind = 'quarter'

),

stages as (

    select
        *,
        {{ segment("'journey;stage'", "json_object('journey', journey, 'stage', stage)", "'triggered'") }}
            as segment
    from {{ ref('journey_stages') }}

),

kinds as (

    select * from {{ ref('friction_kinds') }}

),

audiences as (

    select * from {{ ref('audiences') }}

),

families as (

    select unnest(string_split(families, '|')) as family
    from {{ ref('metrics') }}
    where metric = 'friction_share'

),

frictions as (

    select
        frictions.*,
        cast(date_trunc('quarter', {{ local_date('frictions.occurred_at') }}) as date)
            as period_start
    from {{ ref('int_frictions') }} as frictions
    inner join families on frictions.family = families.family

),

seen as (

    select
        audience,
        journey,
        stage,
        period_start,
        kind,
        count(*) as seen,
        sum(minutes) as minutes,
        count(distinct respondent_id) as people
    from frictions
    group by audience, journey, stage, period_start, kind

    union all

    select
        audience,
        journey,
        stage,
        period_start,
        'any' as kind,
        count(distinct record || ':' || record_id) as seen,
        cast(null as double) as minutes,
        count(distinct respondent_id) as people
    from frictions
    where record <> 'step'
    group by audience, journey, stage, period_start

),

-- On which records effort could be seen at a stage at all.
records as (

    select distinct
        audience,
        journey,
        stage,
        record,
        cast(date_trunc('quarter', {{ local_date('occurred_at') }}) as date) as period_start
    from {{ ref('int_friction_touchpoints') }}

),

totals as (

    select
        shares.audience,
        stages.journey,
        stages.stage,
        shares.period_start,
        shares.period_end,
        cast(shares.denominator as bigint) as out_of,
        cast(shares.numerator as bigint) as seen,
        shares.value as share,
        shares.low,
        shares.high,
        minutes.value as minutes,
        shares.status
    from metric_values as shares
    inner join stages on shares.segment = stages.segment
    left join metric_values as minutes
        on
            shares.audience = minutes.audience
            and shares.segment = minutes.segment
            and shares.period_start = minutes.period_start
            and minutes.metric = 'friction_minutes'
    where shares.metric = 'friction_share'

),

of_touchpoints as (

    select
        totals.*,
        kinds.kind,
        coalesce(seen.seen, 0) as kind_seen,
        coalesce(seen.people, 0) as people,
        case when kinds.record = 'ticket' then coalesce(seen.minutes, 0.0) end as kind_minutes,
        {{ minimum_group('audiences') }} as minimum_group
    from totals
    inner join records
        on
            totals.audience = records.audience
            and totals.journey = records.journey
            and totals.stage = records.stage
            and totals.period_start = records.period_start
    inner join kinds on records.record = kinds.record
    left join seen
        on
            totals.audience = seen.audience
            and totals.journey = seen.journey
            and totals.stage = seen.stage
            and totals.period_start = seen.period_start
            and kinds.kind = seen.kind
    left join audiences on totals.audience = audiences.audience

),

sized as (

    select
        *,
        people between 1 and minimum_group - 1 as is_small,
        bool_or(people between 1 and minimum_group - 1) over one_stage as has_small,
        row_number() over (
            partition by
                audience, journey, stage, period_start,
                people = 0 or people between 1 and minimum_group - 1
            order by people asc, kind asc
        ) as place
    from of_touchpoints
    window one_stage as (partition by audience, journey, stage, period_start)

),

entries as (

    select
        entries.audience,
        entries.family,
        entries.journey,
        entries.stage,
        cast(date_trunc('quarter', {{ local_date('entries.entered_at') }}) as date) as period_start,
        count(*) as out_of,
        count(*) filter (where not entries.is_closed) as still_open,
        count(distinct entries.walker_id) as people,
        count(distinct entries.walker_id) filter (
            where not entries.has_moved_on and frictions.friction_id is null
        ) as people_otherwise
    from {{ ref('int_stage_entries') }} as entries
    inner join stages
        on
            entries.journey = stages.journey
            and entries.stage = stages.stage
    inner join families on entries.family = families.family
    left join frictions
        on
            frictions.kind = 'abandoned_step'
            and entries.path_id || ':' || entries.stage = frictions.record_id
    where entries.evidence = 'stage_event' and stages.phase = 'before'
    group by all

),

of_steps as (

    select
        entries.*,
        coalesce(seen.seen, 0) as seen,
        coalesce(seen.people, 0) as people_seen,
        {{ minimum_group('audiences') }} as minimum_group
    from entries
    left join seen
        on
            entries.audience = seen.audience
            and entries.journey = seen.journey
            and entries.stage = seen.stage
            and entries.period_start = seen.period_start
            and seen.kind = 'abandoned_step'
    left join audiences on entries.audience = audiences.audience

),

judged as (

    select
        totals.audience,
        totals.journey,
        totals.stage,
        'any' as kind,
        totals.period_start,
        totals.out_of,
        totals.seen,
        totals.share,
        totals.low,
        totals.high,
        totals.minutes,
        -- How many a handful are is not told, though it is of how many touchpoints.
        case
            when coalesce(seen.people, 0) not between 1 and {{ minimum_group('audiences') }} - 1
                then coalesce(seen.people, 0)
        end as people,
        totals.status
    from totals
    left join seen
        on
            totals.audience = seen.audience
            and totals.journey = seen.journey
            and totals.stage = seen.stage
            and totals.period_start = seen.period_start
            and seen.kind = 'any'
    left join audiences on totals.audience = audiences.audience

    union all by name

    select
        audience,
        journey,
        stage,
        kind,
        period_start,
        out_of,
        kind_seen as seen,
        kind_minutes as minutes,
        people,
        case
            when status = 'suppressed' or is_small then 'suppressed'
            when has_small and people > 0 and place = 1 then 'suppressed'
            when status in ('not_mature', 'stale') then status
            else 'ok'
        end as status
    from sized

    union all by name

    select
        audience,
        journey,
        stage,
        'abandoned_step' as kind,
        period_start,
        out_of,
        seen,
        people_seen as people,
        case
            when
                people < minimum_group
                or people_seen between 1 and minimum_group - 1
                or people_otherwise between 1 and minimum_group - 1
                then 'suppressed'
            when
                still_open > 0
                or cast(period_start + interval 3 month as date) > {{ local_date(as_of()) }}
                then 'not_mature'
            else 'ok'
        end as status
    from of_steps

),

final as (

    select
        ---------- keys
        judged.audience,
        judged.journey,
        judged.stage,
        judged.kind,
        judged.period_start,
        cast(judged.period_start + interval 3 month as date) as period_end,

        ---------- what it is
        stages.stage_label,
        cast(stages.position as bigint) as position,
        stages.phase,
        coalesce(kinds.label, 'Any of them') as label,

        ---------- figures
        {%- for figure in ['out_of', 'seen', 'share', 'low', 'high', 'minutes', 'people'] %}
            case when judged.status not in ('suppressed', 'not_measured') then judged.{{ figure }} end
                as {{ figure }},
        {%- endfor %}
        judged.status

    from judged
    inner join stages
        on
            judged.journey = stages.journey
            and judged.stage = stages.stage
    left join kinds on judged.kind = kinds.kind

)

select * from final
