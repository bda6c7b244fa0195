-- Grain: one audience with a journey; the five shares of its coverage (domain: coverage).
with

stages as (

    select * from {{ ref('fct_stage_coverage') }}

),

shares as (

    select
        audience,
        count(*) as stages,
        avg(cast(has_owner as integer)) as owner_share,
        avg(cast(has_target as integer)) as target_share,
        avg(cast(has_touchpoints as integer)) as touchpoints_share,
        avg(cast(has_asked_feedback as integer)) as asked_share,
        avg(cast(has_unsolicited_feedback as integer)) as unsolicited_share
    from stages
    group by audience

),

final as (

    select
        shares.*,
        (owner_share + target_share) / 2.0 as declared,
        (touchpoints_share + asked_share + unsolicited_share) / 3.0 as evidenced,
        (
            owner_share + target_share + touchpoints_share + asked_share + unsolicited_share
        ) / 5.0 as coverage
    from shares

)

select * from final
