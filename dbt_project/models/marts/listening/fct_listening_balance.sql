-- Grain: one audience x stage of a journey x quarter x kind of feedback, and 'any'.
-- Kinds stand side by side and are never pooled: 'any' counts people and no answers. What was observed
-- by a visitor of ours is no kind of these; it stands in fct_listening_walks. A kind by which fewer
-- than the minimum group were heard is hidden, and 'any' with it, from which it could be had.
with

clock as (

    select {{ local_date(as_of()) }} as today

),

exposures as (

    select * from {{ ref('int_listening_exposures') }}

),

responses as (

    select
        coalesce(responses.audience, 'unassigned') as audience,
        responses.journey,
        responses.stage,
        responses.feedback_kind as kind,
        cast(date_trunc('quarter', {{ local_date('responses.occurred_at') }}) as date)
            as period_start,
        count(*) as responses,
        count(distinct responses.respondent_id) as voices
    from {{ ref('int_journey_responses') }} as responses
    inner join {{ ref('journeys') }} as journeys on responses.journey = journeys.journey
    where
        responses.stage is not null
        and not responses.is_protected
        and journeys.family <> 'workforce'
        and responses.feedback_kind in ('triggered', 'always_on', 'unsolicited')
        and responses.occurred_at <= {{ as_of() }}
    group by all

),

kinds as (

    select unnest(['triggered', 'always_on', 'unsolicited', 'any']) as kind

),

cells as (

    select
        audience,
        journey,
        stage,
        period_start
    from exposures

    union

    select
        audience,
        journey,
        stage,
        period_start
    from responses

),

-- Each person once, whatever family they lived it in, and those who were heard alike together.
persons as (

    select
        audience,
        journey,
        stage,
        period_start,
        person_id,
        bool_or(is_heard_triggered) as is_heard_triggered,
        bool_or(is_heard_always_on) as is_heard_always_on,
        bool_or(is_heard_unsolicited) as is_heard_unsolicited
    from exposures
    group by audience, journey, stage, period_start, person_id

),

alike as (

    select
        * exclude (person_id),
        count(*) as persons
    from persons
    group by all

),

reached as (

    select
        alike.audience,
        alike.journey,
        alike.stage,
        alike.period_start,
        kinds.kind,
        sum(alike.persons) as exposed,
        sum(alike.persons) filter (
            where case kinds.kind
                when 'triggered' then alike.is_heard_triggered
                when 'always_on' then alike.is_heard_always_on
                when 'unsolicited' then alike.is_heard_unsolicited
                else
                    alike.is_heard_triggered
                    or alike.is_heard_always_on
                    or alike.is_heard_unsolicited
            end
        ) as heard
    from alike
    cross join kinds
    group by all

),

filled as (

    select
        cells.*,
        kinds.kind,
        cast(coalesce(reached.exposed, 0) as bigint) as exposed,
        cast(coalesce(reached.heard, 0) as bigint) as heard,
        case when kinds.kind <> 'any' then coalesce(responses.responses, 0) end as responses,
        coalesce(responses.voices, 0) as voices,
        {{ minimum_group('audiences') }} as minimum_group
    from cells
    cross join kinds
    left join reached
        on
            cells.audience = reached.audience
            and cells.journey = reached.journey
            and cells.stage = reached.stage
            and cells.period_start = reached.period_start
            and kinds.kind = reached.kind
    left join responses
        on
            cells.audience = responses.audience
            and cells.journey = responses.journey
            and cells.stage = responses.stage
            and cells.period_start = responses.period_start
            and kinds.kind = responses.kind
    left join {{ ref('audiences') }} as audiences on cells.audience = audiences.audience

),

judged as (

    select
        filled.*,
        heard / nullif(exposed, 0) as reach,
        case
            when exposed between 1 and minimum_group - 1 then 'suppressed'
            when heard between 1 and minimum_group - 1 then 'suppressed'
            when
                kind = 'any'
                and bool_or(heard between 1 and minimum_group - 1) over (
                    partition by audience, journey, stage, period_start
                )
                then 'suppressed'
            -- Of nobody seen there nobody can say who was not heard.
            when exposed = 0 then 'not_measured'
            when cast(period_start + interval 3 month as date) + 30 > clock.today
                then 'not_mature'
            when exposed < 30 then 'low_n'
            else 'ok'
        end as status
    from filled
    cross join clock

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

        ---------- the stage
        stages.stage_label,
        cast(stages.position as bigint) as position,
        stages.phase,

        ---------- figures
        {%- for figure in ['exposed', 'heard', 'reach'] %}
            case when judged.status not in ('suppressed', 'not_measured') then judged.{{ figure }} end
                as {{ figure }},
        {%- endfor %}
        case
            when judged.status not in ('suppressed', 'not_measured')
                then {{ wilson('-', 'judged.reach', 'judged.exposed') }}
        end as low,
        case
            when judged.status not in ('suppressed', 'not_measured')
                then {{ wilson('+', 'judged.reach', 'judged.exposed') }}
        end as high,
        case
            when judged.voices not between 1 and judged.minimum_group - 1 then judged.responses
        end as responses,
        judged.status

    from judged
    inner join {{ ref('journey_stages') }} as stages
        on
            judged.journey = stages.journey
            and judged.stage = stages.stage

)

select * from final
