-- Grain: one audience with a journey; the five shares of its coverage (domain: coverage).
with

stages as (

    select * from {{ ref('fct_stage_coverage') }}

),

shares as (

    select
        audience,
        count(*) as stages,
        avg(cast(has_owner as integer)) as declared_owner_share,
        avg(cast(has_expected_touchpoints as integer)) as declared_touchpoints_share,
        avg(cast(has_asking_instrument as integer)) as declared_asked_share,
        avg(cast(has_listening_instrument as integer)) as declared_unsolicited_share,
        avg(cast(has_target as integer)) as declared_target_share,
        avg(cast(has_held_owner as integer)) as evidenced_owner_share,
        avg(cast(has_touchpoints as integer)) as evidenced_touchpoints_share,
        avg(cast(has_asked_feedback as integer)) as evidenced_asked_share,
        avg(cast(has_unsolicited_feedback as integer)) as evidenced_unsolicited_share
    from stages
    group by audience

),

final as (

    select
        shares.*,
        (
            declared_owner_share + declared_touchpoints_share + declared_asked_share
            + declared_unsolicited_share + declared_target_share
        ) / 5.0 as declared,
        (
            evidenced_owner_share + evidenced_touchpoints_share + evidenced_asked_share
            + evidenced_unsolicited_share
        ) / 4.0 as evidenced,
        -- What can be shown counts as it is shown; a target can only be declared.
        (
            evidenced_owner_share + evidenced_touchpoints_share + evidenced_asked_share
            + evidenced_unsolicited_share + declared_target_share
        ) / 5.0 as coverage
    from shares

)

select * from final
