-- Grain: one ticket that counts of a person who is known, with the case it belongs to.
-- A case is what a person writes about one topic, as one family, with no more than seven days from
-- one ticket to the next. What has no topic is of one topic: nobody said that it is another matter.
with

tickets as (

    select * from {{ ref('int_tickets') }}
    where
        not coalesce(is_test, false)
        and not coalesce(is_deleted, false)
        and person_id is not null

),

neighbours as (

    select
        *,
        lag(created_at) over one_matter as previous_created_at,
        lead(created_at) over one_matter as next_created_at
    from tickets
    window one_matter as (
        partition by person_id, family, topic order by created_at asc, ticket_id asc
    )

),

begun as (

    select
        *,
        sum(case
            when created_at <= previous_created_at + interval 7 day then 0
            else 1
        end) over (
            partition by person_id, family, topic
            order by created_at asc, ticket_id asc
            rows between unbounded preceding and current row
        ) as case_number
    from neighbours

),

final as (

    select
        ticket_id,
        first_value(ticket_id) over (
            partition by person_id, family, topic, case_number
            order by created_at asc, ticket_id asc
        ) as case_id,
        channel,
        next_created_at
    from begun

)

select * from final
