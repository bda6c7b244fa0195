-- Grain: a reason to count an account into an audience,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__membership_evidence') }}

    where not is_gone
    qualify row_number() over (partition by evidence_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || evidence_id as evidence_id,
        'files:' || account_id as account_id,

        ---------- facts
        audience,
        evidence,
        is_ended,
        attributes,

        ---------- dates
        snapshot_date,

        ---------- timestamps
        valid_from,
        valid_to

    from records

)

select * from final
