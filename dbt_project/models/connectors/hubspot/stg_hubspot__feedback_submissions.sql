-- Grain: one answer to one of HubSpot's own surveys.
with

source as (

    select * from {{ source('hubspot', 'feedback_submissions') }}

),

final as (

    select
        ---------- ids
        id as submission_id,
        contact_id,

        ---------- facts
        survey_name,
        value,
        content,

        ---------- timestamps
        cast(submitted_at as timestamp) as submitted_at

    from source

)

select * from final
