-- Grain: a comment that a respondent wrote into a survey.
with

answers as (

    select * from {{ ref('surveymonkey__survey_answers') }}

),

responses as (

    select * from {{ ref('stg_surveymonkey__responses') }}

),

{{ survey_comments('surveymonkey') }}
