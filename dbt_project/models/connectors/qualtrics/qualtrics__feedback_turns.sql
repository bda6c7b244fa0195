-- Grain: a comment that a respondent wrote into a survey.
with

answers as (

    select * from {{ ref('qualtrics__survey_answers') }}

),

responses as (

    select * from {{ ref('stg_qualtrics__responses') }}

),

{{ survey_comments('qualtrics') }}
