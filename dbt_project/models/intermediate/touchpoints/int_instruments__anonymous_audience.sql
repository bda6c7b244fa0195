-- Grain: one response to an anonymous instrument, with the one audience that is asked with it.
with

answers as (

    select * from {{ ref('survey_answers') }}

),

audiences as (

    select * from {{ ref('audiences') }}

),

asked as (

    select
        audiences.instrument,
        min(audiences.audience) as audience
    from audiences
    where audiences.instrument is not null
    group by audiences.instrument
    having count(*) = 1

),

final as (

    select distinct
        answers.response_id,
        asked.audience
    from answers
    inner join asked on answers.instrument = asked.instrument
    where answers.confidentiality = 'anonymous'

)

select * from final
