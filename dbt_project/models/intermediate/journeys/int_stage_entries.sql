-- Grain: one first entry of somebody into a stage that has a later one, with whether they moved on.
-- Within the journey's window, from the entry: `has_moved_on` is an entry into any later stage,
-- `has_skipped` one into a later stage and none into the next. Whoever comes back is no new entrant.
with

stays as (

    select * from {{ ref('int_stage_stays') }}

),

journeys as (

    select * from {{ ref('journeys') }}

),

-- Where nobody was ever seen in a later stage no source shows it: not measured, not nobody.
reach as (

    select
        journey,
        max(position) as furthest_position
    from stays
    group by journey

),

next_stages as (

    select
        journey,
        stage,
        lead(position) over (
            partition by journey
            order by position asc
        ) as next_position
    from {{ ref('journey_stages') }}

),

entries as (

    select
        stays.*,
        next_stages.next_position,
        stays.entered_at + to_days(cast(journeys.window_days as integer)) as window_ends_at
    from stays
    inner join journeys on stays.journey = journeys.journey
    inner join reach on stays.journey = reach.journey
    inner join next_stages
        on
            stays.journey = next_stages.journey
            and stays.stage = next_stages.stage
    where stays.position < reach.furthest_position
    qualify
        row_number() over (
            partition by stays.path_id, stays.stage
            order by stays.step asc
        ) = 1

),

moves as (

    select
        entries.path_id,
        entries.stage,
        bool_or(later.position = entries.next_position) as has_met_next
    from entries
    inner join stays as later
        on
            entries.path_id = later.path_id
            and entries.step < later.step
            and entries.position < later.position
            and entries.window_ends_at > later.entered_at
    group by entries.path_id, entries.stage

),

final as (

    select
        entries.path_id,
        entries.walker_id,
        entries.person_id,
        entries.account_id,
        entries.subject_id,
        entries.source,
        entries.audience,
        entries.family,
        entries.journey,
        entries.stage,
        entries.evidence,
        entries.entered_at,
        entries.window_ends_at <= {{ as_of() }} as is_closed,
        moves.path_id is not null as has_moved_on,
        moves.path_id is not null and not moves.has_met_next as has_skipped
    from entries
    left join moves
        on
            entries.path_id = moves.path_id
            and entries.stage = moves.stage

)

select * from final
