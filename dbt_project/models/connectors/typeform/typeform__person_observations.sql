-- Grain: a respondent whom a link, or an answer, named.
with

responses as (

    select
        response_id,
        contact_id,
        employee_number,
        email,
        {{ respondent_account('typeform') }} as account_id,
        coalesce(answered_at, begun_at) as seen_at

    from {{ ref('stg_typeform__responses') }}

    where not is_gone

),

{{ survey_respondents('typeform') }}
