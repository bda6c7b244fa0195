-- Grain: one person x family x kind of stress x first day of the month in which it was lived.
-- A promise of support that ran out, an identified CSAT of 1 or 2 of 5, or a declared price rise of the
-- audience that somebody stood in as that month began.
with

lived as (

    select
        tickets.person_id,
        tickets.family,
        'broken_promise' as stress,
        {{ local_date('promises.ran_out_at') }} as lived_on
    from {{ ref('int_tickets__broken_promises') }} as promises
    inner join {{ ref('int_tickets') }} as tickets on promises.ticket_id = tickets.ticket_id
    where promises.ran_out_at <= {{ as_of() }}

    union all

    select
        person_id,
        family,
        'bad_csat' as stress,
        {{ local_date('answered_at') }} as lived_on
    from {{ ref('int_survey_answers__judged') }}
    where
        excluded_as is null
        and confidentiality = 'identified'
        and metric_role = 'csat'
        and scale_min = 1
        and scale_max = 5
        and answer_value <= 2

    union all

    select
        stood_as.person_id,
        stood_as.family,
        'price_rise' as stress,
        price_rises.raised_on as lived_on
    from {{ ref('price_rises') }} as price_rises
    inner join {{ ref('int_persons__stood_as') }} as stood_as
        on
            price_rises.audience = stood_as.audience
            and cast(date_trunc('month', price_rises.raised_on) as date) = stood_as.moment

),

final as (

    select distinct
        person_id,
        family,
        stress,
        cast(date_trunc('month', lived_on) as date) as month
    from lived
    where person_id is not null and family is not null and lived_on is not null

)

select * from final
