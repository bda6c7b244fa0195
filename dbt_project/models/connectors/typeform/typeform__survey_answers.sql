-- Grain: one response x a question that it answers, or a declared scale that it leaves out.
with

responses as (

    select
        response_id,
        survey_id,
        ticket_id,
        answers,
        {{ respondent_account('typeform') }} as account_id,
        -- One that was not handed in has no other time than that it was begun.
        coalesce(answered_at, begun_at) as answered_at,
        coalesce(answered_at, begun_at) as asked_at,
        case
            when response_type = 'completed' then 'complete'
            else response_type
        end as response_status,
        -- The vendor does not tell in which language it was answered.
        cast(null as varchar) as language

    from {{ ref('stg_typeform__responses') }}

    where not is_gone

),

{{ survey_answers('typeform') }}
