-- Grain: one fan x first day after a month x family of activity that they did, with its decayed count.
-- An act counts 1 on the last day of the month, 1/2 when it is 90 days old, 1/4 at 180. A family of
-- activity is on record 90 days after anybody was first seen to do it. No score of minors.
with

deeds as (

    select * from {{ ref('int_deeds') }}
    where activity is not null

),

records as (

    select
        activity,
        min(happened_on) as begun_on
    from deeds
    group by activity

),

fans as (

    select stood.*
    from {{ ref('int_persons__stood_as') }} as stood
    inner join {{ ref('int_persons') }} as persons on stood.person_id = persons.person_id
    where stood.family = 'fan' and not persons.is_minor

),

final as (

    select
        fans.person_id,
        fans.moment,
        deeds.activity,
        sum(pow(0.5, (date_diff('day', deeds.happened_on, fans.moment) - 1) / 90.0)) as decayed_count
    from fans
    inner join deeds
        on
            fans.person_id = deeds.person_id
            and fans.moment > deeds.happened_on
    inner join records
        on
            deeds.activity = records.activity
            and fans.moment >= records.begun_on + 90
    group by fans.person_id, fans.moment, deeds.activity

)

select * from final
