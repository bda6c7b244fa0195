-- Grain: a consent or objection,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__consents') }}

    where not is_gone
    qualify row_number() over (partition by consent_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || consent_id as consent_id,
        'files:' || account_id as account_id,

        ---------- facts
        purpose,
        basis,
        state,

        ---------- timestamps
        valid_from

    from records

)

select * from final
