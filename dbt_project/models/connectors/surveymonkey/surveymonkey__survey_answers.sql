-- Grain: one response x a question that it answers, or a declared scale that it leaves out.
with

responses as (

    select
        response_id,
        survey_id,
        ticket_id,
        answers,
        {{ respondent_account('surveymonkey') }} as account_id,
        -- When it was finished is not told: the other date moves with every edit.
        begun_at as answered_at,
        begun_at as asked_at,
        case
            when collection_mode in ('preview', 'survey_preview') then 'preview'
            when response_status = 'completed' then 'complete'
            -- Sent away by the survey itself, before it was through.
            when response_status in ('disqualified', 'overquota') then 'dismissed'
            else response_status
        end as response_status,
        -- The vendor does not tell in which language it was answered.
        cast(null as varchar) as language

    from {{ ref('stg_surveymonkey__responses') }}

    where not is_gone

),

{{ survey_answers('surveymonkey') }}
