-- Grain: one event that a metric may count: an answer, ticket, order, stage, hire or the like.
-- Values are as observed; what they count for is said by the registry of metrics. What a kind of
-- record does not have is null. `exposure` is what a value is counted against in a ratio;
-- `is_unknown` says that the event counts and its value is not known.
with

events as (

    select * from {{ ref('int_metric_events__answers') }}
    union all by name
    select * from {{ ref('int_metric_events__friction') }}
    union all by name
    select * from {{ ref('int_metric_events__cases') }}
    union all by name
    select * from {{ ref('int_metric_events__hiring') }}
    union all by name
    select * from {{ ref('int_metric_events__invitations') }}
    union all by name
    select * from {{ ref('int_metric_events__labels') }}
    union all by name
    select * from {{ ref('int_metric_events__onboarding') }}
    union all by name
    select * from {{ ref('int_metric_events__orders') }}
    union all by name
    select * from {{ ref('int_metric_events__sales') }}
    union all by name
    select * from {{ ref('int_metric_events__snapshots') }}
    union all by name
    select * from {{ ref('int_metric_events__stages') }}
    union all by name
    select * from {{ ref('int_metric_events__stars') }}
    union all by name
    select * from {{ ref('int_metric_events__support') }}
    union all by name
    select * from {{ ref('int_metric_events__tickets') }}
    union all by name
    -- Names and types of what not every kind has.
    select
        cast(null as double) as exposure,
        cast(null as boolean) as is_unknown,
        cast(null as double) as weight,
        cast(null as date) as wave_opened_on,
        cast(null as date) as wave_closed_on,
        cast(null as date) as snapshot_date
    where false

),

final as (

    select
        event,
        role,
        event_id,
        source,
        audience,
        family,
        coalesce(person_id, account_id, record_id) as respondent_id,
        value,
        coalesce(exposure, 1.0) as exposure,
        coalesce(is_unknown, false) as is_unknown,
        weight,
        scale_min,
        scale_max,
        coalesce(scale_key, role) as scale_key,
        coalesce(feedback_kind, 'triggered') as feedback_kind,
        coalesce(is_protected, false) as is_protected,
        observed_on,
        wave_opened_on,
        wave_closed_on,
        snapshot_date,
        dimensions,
        has_struck
    from events

)

select * from final
