-- Grain: an invitation of one person by one mailing.
with

source as (

    select * from {{ source('qualtrics', 'invitations') }}

),

final as (

    select
        ---------- ids
        distribution_id,
        contact_id,
        survey_id,
        response_id,

        ---------- facts
        status,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(sent_at as timestamp) as sent_at,
        cast(opened_at as timestamp) as opened_at,
        cast(started_at as timestamp) as started_at,
        cast(completed_at as timestamp) as completed_at

    from source

)

select * from final
