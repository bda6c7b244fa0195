-- Grain: one measure of how grown up the organisation is: a share, with the whole it is of.
-- A whole of nothing is no evidence, and no evidence is no level.
with

audiences as (

    select
        registered.audience,
        registered.family,
        registered.target,
        audiences.owner_status,
        registered.target_metric
    from {{ ref('audiences') }} as registered
    inner join {{ ref('dim_audiences') }} as audiences
        on registered.audience = audiences.audience

),

stages as (

    select * from {{ ref('fct_stage_coverage') }}

),

designed as (

    select * from {{ ref('journey_stages') }}

),

walked as (

    select distinct journey
    from {{ ref('int_audit_visits') }}
    where
        visit_kind = 'walk_through'
        and visited_at between {{ as_of() }} - interval 365 day and {{ as_of() }}

),

journeys as (

    select
        journeys.journey,
        walked.journey is not null as is_walked
    from {{ ref('journeys') }} as journeys
    left join walked on journeys.journey = walked.journey
    -- Where nobody's visits are on record, nothing is known of any journey.
    where exists (select 1 from {{ ref('int_audit_visits') }})

),

metric_values as (

    select * from {{ ref('fct_metric_values') }}
    where segment = 'all' and value is not null

),

scored as (

    select distinct audience
    from metric_values
    where metric = 'enps' and period_end > {{ local_date(as_of()) }} - interval 365 day

),

explained as (

    select distinct audience
    from {{ ref('fct_key_drivers') }}
    where is_latest and status = 'ok' and period_kind = 'trailing_365'

),

sources as (

    select * from {{ ref('fct_source_health') }}

),

persons as (

    select
        current_person_id as person_id,
        count(*) as accounts
    from {{ ref('int_person_bindings') }}
    where valid_to is null
    group by current_person_id

),

initiatives as (

    select * from {{ ref('fct_initiatives') }}

),

measures as (

    select
        'journeys_walked' as measure,
        count(*) filter (where is_walked) as part,
        count(*) as whole
    from journeys

    union all

    select
        'employees_asked' as measure,
        count(*) filter (where scored.audience is not null) as part,
        count(*) as whole
    from audiences
    left join scored on audiences.audience = scored.audience
    where audiences.family = 'workforce'

    union all

    select
        'employees_answer' as measure,
        cast(sum(metric_values.numerator) as bigint) as part,
        cast(sum(metric_values.denominator) as bigint) as whole
    from metric_values
    inner join audiences on metric_values.audience = audiences.audience
    where
        metric_values.metric = 'response_rate'
        and metric_values.period_kind = 'wave'
        and metric_values.is_latest
        and audiences.family = 'workforce'

    union all

    select
        'stages_heard' as measure,
        count(*) filter (where has_asked_feedback or has_unsolicited_feedback) as part,
        count(*) as whole
    from stages

    union all

    select
        'stages_seen' as measure,
        count(*) filter (where has_touchpoints) as part,
        count(*) as whole
    from stages

    union all

    select
        'drivers_known' as measure,
        count(*) filter (where explained.audience is not null) as part,
        count(*) as whole
    from audiences
    left join explained on audiences.audience = explained.audience
    where audiences.target is not null

    union all

    select
        'follow_ups_in_time' as measure,
        cast(sum(numerator) as bigint) as part,
        cast(sum(denominator) as bigint) as whole
    from metric_values
    where metric = 'follow_up_in_time' and period_kind = 'quarter' and is_latest

    union all

    select
        'effects_known' as measure,
        count(*) filter (where verdict <> 'no estimate') as part,
        count(*) as whole
    from initiatives

    union all

    select
        'sources_fresh' as measure,
        count(*) filter (where lag_minutes <= 2 * 1440) as part,
        count(*) as whole
    from sources

    union all

    select
        'accounts_bound' as measure,
        count(*) filter (where accounts > 1) as part,
        count(*) as whole
    from persons

    union all

    select
        'initiatives_tied' as measure,
        count(*) filter (where lacks = '') as part,
        count(*) as whole
    from initiatives

    union all

    select
        'initiatives_estimated' as measure,
        count(*) filter (where effort_status = 'estimated') as part,
        count(*) as whole
    from initiatives

    union all

    select
        'stages_designed' as measure,
        count(*) filter (
            where intended_outcome is not null and intended_emotion is not null
        ) as part,
        count(*) as whole
    from designed

    union all

    select
        'audiences_owned' as measure,
        count(*) filter (where owner_status = 'held') as part,
        count(*) as whole
    from audiences

    union all

    select
        'audiences_steered' as measure,
        count(*) filter (where target is not null) as part,
        count(*) as whole
    from audiences

),

final as (

    select
        measure,
        cast(coalesce(part, 0) as bigint) as part,
        cast(coalesce(whole, 0) as bigint) as whole,
        part / nullif(whole, 0) as share
    from measures

)

select * from final
