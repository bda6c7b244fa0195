-- Grain: a response to a declared survey.
with

source as (

    select * from {{ source('surveymonkey', 'responses') }}

),

final as (

    select
        ---------- ids
        response_id,
        survey_id,
        contact_id,
        employee_number,
        ticket_id,

        ---------- facts
        response_status,
        collection_mode,
        email,
        answers,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(created_at as timestamp) as begun_at,
        cast(updated_at as timestamp) as changed_at

    from source

)

select * from final
