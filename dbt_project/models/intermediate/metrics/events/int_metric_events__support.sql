-- Grain: one thing that support is measured by: a ticket and what was done about it, a case, a
-- promise that is due, a session of self-service.
-- The priority of a ticket is that of its creation, that of a promise that of its clock's start.
with

tickets as (

    select * from {{ ref('int_tickets') }}

),

clocks as (

    select * from {{ ref('int_tickets__clocks_as_of') }}
    where clock = 'first_response'

),

-- What all that is counted of a ticket shares is found once a ticket.
handling as (

    select
        handling.*,
        clocks.started_at as created_at,
        tickets.source,
        tickets.audience,
        tickets.family,
        tickets.person_id,
        tickets.account_id,
        {{ local_date('clocks.started_at') }} as created_on,
        {{ local_date('handling.first_solved_at') }} as first_solved_on,
        {{ local_date('handling.last_solved_at') }} as last_solved_on,
        json_merge_patch(
            json_object('channel', tickets.channel, 'priority', clocks.priority),
            coalesce(tickets.attributes, '{}')
        ) as dimensions
    from {{ ref('int_tickets__handling') }} as handling
    inner join clocks on handling.ticket_id = clocks.ticket_id
    inner join tickets on handling.ticket_id = tickets.ticket_id

),

handled as (

    select
        handling.*,
        'out_of_hours' as role,
        not is_in_hours as is_so,
        cast(null as double) as value,
        created_on as observed_on
    from handling
    where is_in_hours is not null

    union all

    select
        handling.*,
        'unanswered' as role,
        not coalesce(first_replied_at <= created_at + interval 7 day, false) as is_so,
        cast(null as double) as value,
        created_on as observed_on
    from handling
    where not is_merged

    union all

    select
        handling.*,
        'one_touch' as role,
        replies = 1 as is_so,
        cast(null as double) as value,
        last_solved_on as observed_on
    from handling
    where not is_merged and last_solved_at is not null

    union all

    select
        handling.*,
        'touches' as role,
        cast(null as boolean) as is_so,
        cast(replies as double) as value,
        last_solved_on as observed_on
    from handling
    where not is_merged and last_solved_at is not null

    union all

    select
        handling.*,
        'transferred' as role,
        transfers > 0 as is_so,
        cast(null as double) as value,
        last_solved_on as observed_on
    from handling
    where not is_merged and last_solved_at is not null and is_assigned

    union all

    select
        handling.*,
        'reopened' as role,
        is_reopened_within_7_days as is_so,
        cast(null as double) as value,
        first_solved_on as observed_on
    from handling
    where not is_merged and first_solved_at is not null

    union all

    select
        handling.*,
        'first_contact' as role,
        not is_reopened_within_7_days and not is_followed_within_7_days as is_so,
        cast(null as double) as value,
        first_solved_on as observed_on
    from handling
    where not is_merged and first_solved_at is not null and is_person_known

),

of_tickets as (

    select
        'ticket' as event,
        role,
        role || ':' || ticket_id as event_id,
        source,
        audience,
        family,
        person_id,
        account_id,
        ticket_id as record_id,
        coalesce(value, case when is_so then 1.0 else 0.0 end) as value,
        observed_on,
        dimensions
    from handled

),

of_targets as (

    select
        'ticket' as event,
        'target' as role,
        concat_ws(':', 'target', targets.ticket_id, targets.clock, targets.turn_number)
            as event_id,
        tickets.source,
        tickets.audience,
        tickets.family,
        tickets.person_id,
        tickets.account_id,
        tickets.ticket_id as record_id,
        case when targets.is_met then 1.0 else 0.0 end as value,
        {{ local_date('targets.started_at') }} as observed_on,
        json_merge_patch(
            json_object(
                'channel', tickets.channel,
                'priority', targets.priority,
                'clock', targets.clock
            ),
            coalesce(tickets.attributes, '{}')
        ) as dimensions
    from {{ ref('int_ticket_targets') }} as targets
    inner join tickets on targets.ticket_id = tickets.ticket_id

),

roles as (

    select unnest(['contacts', 'switched']) as role

),

of_cases as (

    select
        'case' as event,
        roles.role,
        roles.role || ':' || cases.case_id as event_id,
        cases.source,
        cases.audience,
        cases.family,
        cases.person_id,
        cases.account_id,
        cases.case_id as record_id,
        case roles.role
            when 'contacts' then cast(cases.contacts as double)
            when 'switched' then case when cases.channels > 1 then 1.0 else 0.0 end
        end as value,
        {{ local_date('cases.opened_at') }} as observed_on,
        json_object('channel', cases.channel) as dimensions
    from {{ ref('int_ticket_cases') }} as cases
    cross join roles
    where roles.role = 'contacts' or cases.channels > 0

),

of_sessions as (

    select
        'session' as event,
        'self_service' as role,
        'self_service:' || touchpoint_id as event_id,
        source,
        audience,
        family,
        person_id,
        account_id,
        touchpoint_id as record_id,
        case when is_resolved then 1.0 else 0.0 end as value,
        {{ local_date('occurred_at') }} as observed_on,
        json_object('type', touchpoint_type) as dimensions
    from {{ ref('int_self_service_sessions') }}

),

final as (

    select * from of_tickets
    union all by name
    select * from of_targets
    union all by name
    select * from of_cases
    union all by name
    select * from of_sessions

)

select * from final
