-- On one subject somebody is in one stage at a time, and who left for another stage is there.
with

stays as (

    select * from {{ ref('bridge_person_journey_stage') }}

),

neighbours as (

    select
        stays.evidence_id,
        stays.exit_kind,
        stays.exited_at,
        lead(stays.entered_at) over (
            partition by stays.person_id, stays.journey, stays.subject_id
            order by stays.entered_at asc, stays.exited_at asc nulls last, stays.position asc
        ) as next_entered_at
    from stays

)

select *
from neighbours
where
    (next_entered_at is not null and coalesce(exited_at, timestamp '9999-12-31') > next_entered_at)
    or (exit_kind in ('onward', 'back') and exited_at is distinct from next_entered_at)
