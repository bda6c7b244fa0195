-- Grain: an invitation x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'survey_invitations') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        invitation_id,
        account_id,
        response_id,
        file_name,

        ---------- facts
        instrument,
        status,
        wave,
        _deleted_reason is not null as is_gone,

        ---------- dates
        wave_opened_on,
        wave_closed_on,

        ---------- timestamps
        cast(sent_at as timestamp) as sent_at,
        cast(completed_at as timestamp) as completed_at

    from source

)

select * from final
