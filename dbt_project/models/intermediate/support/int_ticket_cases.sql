-- Grain: one case: the tickets of one person about one topic, none later than seven days after the last.
with

contacts as (

    select * from {{ ref('int_tickets__contacts') }}

),

counted as (

    select
        case_id,
        count(*) as contacts,
        count(distinct channel) as channels
    from contacts
    group by case_id

),

final as (

    select
        counted.case_id,
        firsts.source,
        firsts.account_id,
        firsts.person_id,
        firsts.audience,
        firsts.family,
        firsts.channel,
        firsts.created_at as opened_at,
        counted.contacts,
        counted.channels
    from counted
    inner join {{ ref('int_tickets') }} as firsts on counted.case_id = firsts.ticket_id

)

select * from final
