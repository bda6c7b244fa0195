-- Grain: a comment that a respondent wrote into a survey.
with

answers as (

    select * from {{ ref('typeform__survey_answers') }}

),

responses as (

    select * from {{ ref('stg_typeform__responses') }}

),

{{ survey_comments('typeform') }}
