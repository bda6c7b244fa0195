-- Answers, invitations and comments of a confidential or anonymous instrument stop at int_.
{{ config(meta={'dagster': {'ref': {'name': 'fct_survey_answers'}}}) }}
with

protected as (

    select instrument from {{ ref('instruments') }}
    where confidentiality <> 'identified'

)

select answer_id as record_id
from {{ ref('fct_survey_answers') }}
where instrument in (select instrument from protected)

union all

select invitation_id as record_id
from {{ ref('fct_survey_invitations') }}
where instrument in (select instrument from protected)

union all

select turn_id as record_id
from {{ ref('fct_feedback_turns') }}
where instrument in (select instrument from protected)
