-- Grain: one person (else account or ticket) x audience x period with a ticket open at some time of it.
with

families as (

    select unnest(string_split(families, '|')) as family
    from {{ ref('metrics') }}
    where role = 'backlog'

),

tickets as (

    select *
    from {{ ref('int_tickets') }}
    where family in (select families.family from families)

),

stretches as (

    select * from {{ ref('int_tickets__open_stretches') }}

),

periods as (

    select
        *,
        {{ utc_time('period_start') }} as starts_at,
        {{ utc_time('period_end') }} as ends_at
    from {{ ref('int_metric_standing_periods') }}
    where role = 'backlog'

),

-- A ticket that was reopened within the period is one ticket.
stood as (

    select
        periods.role,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        stretches.ticket_id,
        bool_or(stretches.ended_at is null or stretches.ended_at > periods.ends_at) as is_open
    from stretches
    inner join periods
        on
            stretches.opened_at < periods.ends_at
            and coalesce(stretches.ended_at, timestamp '9999-12-31') > periods.starts_at
    group by
        periods.role,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        stretches.ticket_id

),

final as (

    select
        stood.role,
        tickets.audience,
        -- 'unassigned' is of several families; whoever stands there stands there once.
        min(tickets.family) as family,
        coalesce(tickets.person_id, tickets.account_id, tickets.ticket_id) as respondent_id,
        stood.period_kind,
        stood.period_start,
        stood.period_end,
        {{ source_names('tickets.source') }} as sources,
        sum(case when stood.is_open then 1.0 else 0.0 end) as value
    from stood
    inner join tickets on stood.ticket_id = tickets.ticket_id
    group by
        stood.role,
        tickets.audience,
        coalesce(tickets.person_id, tickets.account_id, tickets.ticket_id),
        stood.period_kind,
        stood.period_start,
        stood.period_end

)

select * from final
