-- Grain: a response to a declared survey.
with

source as (

    select * from {{ source('qualtrics', 'responses') }}

),

final as (

    select
        ---------- ids
        response_id,
        survey_id,
        contact_id,
        distribution_id,
        ticket_id,

        ---------- facts
        status as status_bits,
        finished = 1 as is_finished,
        language,
        "values" as answers, -- noqa: RF06
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(recorded_at as timestamp) as recorded_at

    from source

)

select * from final
