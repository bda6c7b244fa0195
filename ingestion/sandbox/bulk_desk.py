"""The bulk world's help desk: what Zendesk holds of users, tickets, their events and ratings."""

# A ticket is answered after minutes or days, solved later, and closed four days after that. What
# lies ahead of the clock has not happened.
PREPARE = {
    "tickets": """
with asked as (
    select 1 + i as ticket_id, x as d, y as e, {moment} as created_at,
        46400000000000 + people.number as requester_id, people.number, people.contact_id,
        people.kind, people.language, people.trait,
        created_at + to_seconds((exp(x % 1000 / 100.0) * 6)::bigint + 60) as replied_at,
        replied_at + to_seconds((exp(y % 997 / 90.0) * 9)::bigint + 60) as solved_at,
        solved_at + interval 4 day as closed_at,
        ['billing', 'delivery', 'access', 'product', 'tickets', 'other'][
            1 + (y // 7 % 6)::int] as topic,
        ['web', 'web', 'email', 'email', 'chat', 'voice'][1 + (y // 49 % 6)::int]
            as channel,
        ['low', 'normal', 'normal', 'normal', 'high', 'urgent', null][
            1 + (y // 343 % 7)::int] as priority
    -- Of five people in a row the first two have an account of the desk.
    from (select *, y // 1000 % {count} as drawn from records) as records
    inner join people on people.position = drawn - drawn % 5 + drawn % 2
)
select asked.*, agents.agent_id,
    descriptions.words || case when asked.d % 3 = 0 then ' F' || lpad(ticket_id::varchar, 8, '0')
        else '' end as words,
    case when asked.d // 7 % 80 = 0 then 'deleted' when replied_at > {until} then 'new'
        when solved_at > {until} then 'pending' when closed_at > {until} then 'solved'
        else 'closed' end as status
from asked
inner join (select *, row_number() over (order by number) - 1 as place from staff where is_agent)
    as agents on agents.place = asked.e // 2401 % {agents}
inner join descriptions on descriptions.language = asked.language
    and descriptions.topic = asked.topic
"""
}
# Of one event: its number within the ticket, when, who wrote it, by which way, and its children.
# `{{ticket}}` and `{{child}}` are the ids that they carry.
EVENTS = (
    (0, "created_at", "requester_id", "case channel when 'email' then 'Mail' else 'Web form' end",
        "json_object('event_type', 'Create', 'id', {child}, 'priority', priority, "
        "'status', 'new'), "
        "json_object('author_id', requester_id, 'body', words, 'event_type', 'Comment', "
        "'id', {child} + 1, 'public', true)", "true"),
    (1, "created_at + interval 1 second", "46000000000001", "'Rule'",
        "json_object('author_id', 46000000000001, 'body', 'We received your message.', "
        "'event_type', 'Comment', 'id', {child}, 'public', true)", "d % 3 = 0"),
    (3, "created_at + interval 1 minute", "-1", "'Rule'",
        "json_object('assignee_id', agent_id::varchar, 'event_type', 'Change', 'id', {child}, "
        "'previous_value', null)", "true"),
    (5, "replied_at", "agent_id", "'Web form'",
        "json_object('author_id', agent_id, 'body', 'Thank you, we are on it.', "
        "'event_type', 'Comment', 'id', {child}, 'public', true), "
        "json_object('event_type', 'Change', 'id', {child} + 1, 'previous_value', 'new', "
        "'status', 'pending')", "true"),
    (7, "replied_at + (solved_at - replied_at) / 2", "requester_id", "'Mail'",
        "json_object('author_id', requester_id, 'body', 'And? ' || words, 'event_type', 'Comment', "
        "'id', {child}, 'public', true)", "d % 5 < 2"),
    (8, "solved_at", "agent_id", "'Web form'",
        "json_object('author_id', agent_id, 'body', 'Here is what we did.', "
        "'event_type', 'Comment', 'id', {child}, 'public', true), "
        "json_object('event_type', 'Change', 'id', {child} + 1, 'previous_value', 'pending', "
        "'status', 'solved')", "true"),
    (14, "closed_at", "-1", "'Rule'",
        "json_object('event_type', 'Change', 'id', {child}, 'previous_value', 'solved', "
        "'status', 'closed')", "true"),
)  # fmt: skip
EVENT = """
select ticket_id * 100 + {number} as id, ticket_id, {who} as updater_id, {via} as via,
    {at} as created_at, json_array({children})::varchar as child_events
from tickets where {at} <= {until} and {happens}
"""


def _events() -> str:
    """Return the query of all events; the part's own values are filled in later."""
    return "union all".join(
        EVENT.format(
            number=number,
            at=at,
            who=who,
            via=via,
            children=children.format(child=f"ticket_id * 1000 + {number * 10}"),
            happens=happens,
            until="{until}",
        )
        for number, at, who, via, children, happens in EVENTS
    )


TABLES = {
    "zendesk.users": """
select 46400000000000 + number as id, first_name || ' ' || last_name as name, phone,
    -- One in twenty wrote from another address; most of them carry the CRM's id.
    case when d % 20 = 0 then 'office' || number || '@work.example' else email end as email,
    'end-user' as role, true as active, case when d // 20 % 10 < 7 then contact_id end
        as external_id, null as employee_number, language || '-' || country as locale,
    case when kind = 'dealer' then 46500000000000 + number - number % 100 end as organization_id,
    known_since as created_at, known_since as updated_at
from people where is_new and number % 5 < 2
union all
select agent_id, first_name || ' ' || last_name, null, email, 'agent', left_on is null, null,
    employee_number, 'en-GB', null, hired_on::timestamp, hired_on::timestamp
from staff where is_new and is_agent
union all
select 46000000000001, 'Answering machine', null, 'robot@northlight.example', 'admin', true, null,
    null, 'en-GB', null, timestamp '2019-01-01', timestamp '2019-01-01'
where {is_first}
""",
    "zendesk.organizations": """
select 46500000000000 + number as id, last_name || ' Outfitters ' || number as name,
    json_array('company' || number || '.example')::varchar as domain_names,
    known_since as created_at, known_since as updated_at
from people where is_new and number % 100 = 0
""",
    "zendesk.tickets": """
select ticket_id as id, requester_id, agent_id as assignee_id,
    case kind when 'dealer' then 9002 when 'fan' then 9003 else 9001 end as brand_id,
    channel, priority, status, topic, case when d // 11 % 200 = 0
        then json_array(topic, 'test') else json_array(topic) end::varchar as tags, created_at,
    case status when 'new' then created_at when 'pending' then replied_at
        when 'closed' then closed_at else least(solved_at, {until}) end as updated_at,
    updated_at as generated_at,
    case when solved_at <= {until} then solved_at end as solved_at,
    case when status = 'deleted' then 'deleted' end as _deleted_reason
from tickets
""",
    "zendesk.ticket_events": _events(),
    "zendesk.satisfaction_ratings": """
select 7700000000 + ticket_id as id, ticket_id, requester_id, agent_id as assignee_id,
    solved_at as created_at, least(solved_at + interval 1 day, {until}) as updated_at,
    case when e // 13 % 2 = 0 then 'offered' when e // 26 % 1000 / 1000.0 - 0.5 + trait > -0.35
        then 'good' else 'bad' end as score,
    case when score <> 'offered' and e // 17 % 5 = 0 then comments.words[
        1 + (e // 7 % len(comments.words))::int] end as comment
from tickets inner join comments on tickets.language = comments.language
    and comments.tone = case when e // 26 % 1000 / 1000.0 - 0.5 + trait > -0.35 then 'good'
        else 'bad' end
where status in ('solved', 'closed') and d // 13 % 100 < 48
""",
}
RATES = {"tickets": 1.0}
