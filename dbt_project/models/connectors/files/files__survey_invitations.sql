-- Grain: an invitation,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__survey_invitations') }}

    where not is_gone
    qualify row_number() over (partition by invitation_id order by file_name desc) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || invitation_id as invitation_id,
        'files:' || account_id as account_id,
        'files:' || response_id as response_id,

        ---------- facts
        instrument,
        status,
        wave,

        ---------- dates
        wave_opened_on,
        wave_closed_on,

        ---------- timestamps
        sent_at,
        completed_at

    from records

)

select * from final
