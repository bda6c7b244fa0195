-- Grain: a response to a declared form.
with

source as (

    select * from {{ source('typeform', 'responses') }}

),

final as (

    select
        ---------- ids
        response_id,
        form_id as survey_id,
        contact_id,
        employee_number,
        ticket_id,

        ---------- facts
        response_type,
        email,
        answers,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(landed_at as timestamp) as begun_at,
        cast(submitted_at as timestamp) as answered_at

    from source

)

select * from final
