-- Grain: one stay of one person in a stage of a journey, on one subject; half-open.
with

stays as (

    select * from {{ ref('int_stage_stays') }}
    where person_id is not null

),

final as (

    select
        ---------- ids
        stays.evidence_id,
        stays.person_id,
        stays.subject_id,

        ---------- where
        stays.journey,
        stays.stage,
        cast(stays.position as bigint) as position,
        stays.phase,
        stays.audience,

        ---------- what shows it
        stays.evidence,
        stays.source,

        ---------- how it ended
        stays.exit_kind,
        stays.exit_kind is null as is_current,

        ---------- timestamps
        stays.entered_at,
        stays.exited_at

    from stays

)

select * from final
