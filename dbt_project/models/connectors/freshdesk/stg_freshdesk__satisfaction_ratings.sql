-- Grain: one answer to one survey, with a code by question.
with

source as (

    select * from {{ source('freshdesk', 'satisfaction_ratings') }}

),

final as (

    select
        ---------- ids
        cast(id as varchar) as rating_id,
        cast(survey_id as varchar) as survey_id,
        cast(ticket_id as varchar) as ticket_id,
        cast(user_id as varchar) as user_id,
        cast(agent_id as varchar) as agent_id,

        ---------- facts
        from_json(ratings, '"map(varchar, double)"') as codes,
        feedback,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
