-- Grain: a respondent whom a link, or an answer, named.
with

responses as (

    select
        response_id,
        contact_id,
        employee_number,
        email,
        {{ respondent_account('surveymonkey') }} as account_id,
        changed_at as seen_at

    from {{ ref('stg_surveymonkey__responses') }}

    where not is_gone

),

{{ survey_respondents('surveymonkey') }}
