-- Grain: one record of a snapshot: who had left by its date; nothing about when.
with

snapshot_records as (

    select
        'membership' as role,
        evidence.evidence_id as record_id,
        evidence.source,
        evidence.audience,
        evidence.account_id,
        evidence.is_ended,
        evidence.snapshot_date,
        coalesce(evidence.attributes, '{}') as dimensions
    from {{ ref('membership_evidence') }} as evidence
    where evidence.snapshot_date is not null and evidence.is_ended is not null

    union all

    select
        'employment' as role,
        employments.employment_id as record_id,
        employments.source,
        'employee' as audience,
        employments.account_id,
        employments.is_ended,
        employments.snapshot_date,
        json_merge_patch(
            json_object('department', employments.department),
            coalesce(employments.attributes, '{}')
        ) as dimensions
    from {{ ref('employments') }} as employments
    where employments.snapshot_date is not null and employments.is_ended is not null

),

final as (

    select
        'snapshot' as event,
        records.role,
        records.role || ':' || records.record_id as event_id,
        records.source,
        records.audience,
        tree.family,
        account_persons.person_id,
        records.account_id,
        records.record_id,
        case when records.is_ended then 1.0 else 0.0 end as value,
        records.snapshot_date,
        records.dimensions
    from snapshot_records as records
    left join {{ source('identity', 'account_persons') }} as account_persons
        on records.account_id = account_persons.account_id
    inner join {{ ref('int_audiences__tree') }} as tree
        on records.audience = tree.audience

)

select * from final
