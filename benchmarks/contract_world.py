"""A large organisation straight in the input contracts, made by DuckDB from numbers and a seed.

A million people, each with one account, over three years: what the metrics count, and nothing else.
"""

from pathlib import Path

import duckdb
import yaml

PROJECT = Path(__file__).parent.parent / "dbt_project"
SEED = 20260630
AS_OF = "2026-07-01T00:00:00"

PEOPLE = """
create table people as
select
    i as number,
    'crm:' || i as account_id,
    'person' || i as person_id,
    ['customer', 'customer', 'customer', 'fan', 'dealer', 'donor'][1 + (d % 6)::int] as audience,
    ['customer', 'customer', 'customer', 'fan', 'partner', 'funding'][1 + (d % 6)::int] as family,
    ['DE', 'FR', 'PL', 'BG', 'PH', 'US', 'GB', 'ES', 'IT', null][1 + (d // 6 % 10)::int] as country,
    -- A person's own level, so that answers of one person resemble one another.
    ((d // 64 % 1000) / 1000.0 - 0.5) as trait
from (select i, hash(i * 31 + {seed}) as d from range({people}) as numbers(i))
"""
# Each record takes its person and moment from its own number.
RECORDS = """
select i, hash(i * 7919 + {salt}) as d, hash(i * 104729 + {salt}) as e
from range({first}, {last}) as numbers(i)
"""
MOMENT = "timestamp '2023-07-01' + to_seconds((d % 94694400)::bigint)"
ANSWERS = """
insert into contracts.survey_answers by name
with records as ({records}),
asked as (
    select records.*, people.*, {moment} as answered_at,
        (e % 1000) / 1000.0 - 0.5 + trait as latent,
        ['nps', 'nps', 'csat', 'ces'][1 + (i % 4)::int] as metric_role
    from records inner join people on people.number = (e // 1000) % {people}
)
select
    'survey' as source, 'a' || i as source_record_id, 'a' || i as answer_id,
    'r' || i as response_id,
    'Q_' || metric_role as question_id, account_id,
    case when metric_role = 'nps' then case family
        when 'customer' then 'customer_nps' when 'fan' then 'fan_nps'
        when 'partner' then 'dealer_nps' else 'donor_nps' end
        else 'ticket_survey' end as instrument,
    metric_role,
    case metric_role when 'nps' then 0.0 else 1.0 end as scale_min,
    case metric_role when 'nps' then 10.0 when 'csat' then 5.0 else 7.0 end as scale_max,
    'identified' as confidentiality,
    case metric_role
        when 'nps' then greatest(least(round(7.5 + 5 * latent), 10), 0)
        when 'csat' then greatest(least(round(3.6 + 2.5 * latent), 5), 1)
        else greatest(least(round(5 + 3 * latent), 7), 1) end as answer_value,
    'complete' as response_status, answered_at
from asked
"""
INVITATIONS = """
insert into contracts.survey_invitations by name
with records as ({records})
select 'survey' as source, 'i' || i as source_record_id, 'i' || i as invitation_id, account_id,
    'customer_nps' as instrument,
    ['completed', 'sent', 'sent', 'opened', 'bounced'][1 + (e % 5)::int] as status,
    {moment} as sent_at
from records inner join people on people.number = (e // 1000) % {people}
"""
TICKETS = """
insert into contracts.tickets by name
with records as ({records})
select 'desk' as source, 't' || i as source_record_id, 't' || i as ticket_id, account_id,
    case family when 'fan' then 'fan_ticket' when 'partner' then 'dealer_ticket'
        else 'support_ticket' end as touchpoint_type,
    ['web', 'email', 'phone', 'chat'][1 + (e % 4)::int] as channel,
    ['low', 'normal', 'high', 'urgent'][1 + (e // 4 % 4)::int] as priority,
    case when e // 16 % 20 = 0 then 'open' else 'solved' end as status,
    ['login', 'bill', 'order', 'delivery'][1 + (e // 16 % 4)::int] as topic,
    {moment} as created_at
from records inner join people on people.number = (e // 1000) % {people}
"""
TICKET_EVENTS = """
insert into contracts.ticket_events by name
with tickets as (
    select *, hash(ticket_id) as d from contracts.tickets
    where cast(substr(ticket_id, 2) as bigint) between {first} and {last} - 1
)
select 'desk' as source, ticket_id || '-r' as source_record_id,
    ticket_id || '-r' as ticket_event_id,
    ticket_id, 'desk:agent' as actor_account_id, 'agent' as actor_role, 'comment' as event_type,
    true as is_public, null as value,
    created_at + to_seconds((exp((d % 1000) / 100.0) * 6)::bigint) as occurred_at
from tickets where d % 50 > 0
union all
select 'desk', ticket_id || '-s', ticket_id || '-s', ticket_id, 'desk:agent', 'agent', 'status',
    null, 'solved', created_at + to_seconds((exp((d % 1000) / 90.0) * 9)::bigint)
from tickets where status = 'solved'
"""
ORDERS = """
insert into contracts.orders by name
with records as ({records})
select 'shop' as source, 'o' || i as source_record_id, 'o' || i as order_id, account_id,
    'order' as order_kind, 'paid' as status, {moment} as ordered_at,
    10.0 + (e % 9000) / 100.0 as amount, 'EUR' as currency
from records inner join people on people.number = (e // 1000) % {people}
"""
# Of each million people: records of every kind, ten million in all.
SIZES = {ANSWERS: 4, INVITATIONS: 2, TICKETS: 1, TICKET_EVENTS: 0, ORDERS: 3}
# One account a person: what `identity/` would write, without the minutes that it takes.
IDENTITY = """
create schema identity;
create table identity.account_persons as
select account_id, person_id, 'alone' as evidence, timestamp '2023-07-01' as bound_at from people;
create table identity.persons as
select person_id, country, null::varchar as language, null::date as birth_date, 1 as accounts,
    1 as sources, false as is_deleted, false as is_test, timestamp '2023-07-01' as first_seen_at
from people;
create table identity.person_bindings as
select account_id, person_id, 'alone' as evidence, timestamp '2023-07-01' as valid_from,
    null::timestamp as valid_to from people;
"""
MEMBERS = """
insert into contracts.membership_evidence by name
select 'crm' as source, 'm' || number as source_record_id, 'm' || number as evidence_id, account_id,
    audience from people
"""


def contracts() -> dict[str, dict[str, str]]:
    """Return the columns of every input contract with their types."""
    files = sorted((PROJECT / "models" / "contracts").glob("*.yml"))
    models = [yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0] for file in files]
    return {m["name"]: {c["name"]: c["data_type"] for c in m["columns"]} for m in models}


def create(db: duckdb.DuckDBPyConnection, contract: str, columns: dict[str, str]) -> None:
    """Create one contract as an empty table."""
    named = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    db.execute(f"create table contracts.{contract} ({named})")


def make(db: duckdb.DuckDBPyConnection, people: int) -> None:
    """Write every contract, and who is who, for that many people."""
    db.execute("create schema if not exists contracts")
    for contract, columns in contracts().items():
        create(db, contract, columns)
    db.execute(PEOPLE.format(people=people, seed=SEED))
    db.execute(IDENTITY)
    db.execute(MEMBERS)
    add(db, people, 0, 1)


def add(db: duckdb.DuckDBPyConnection, people: int, first: float, last: float) -> int:
    """Add the records from one share of the whole to another; return how many."""
    added = 0
    for salt, (statement, size) in enumerate(SIZES.items()):
        whole = (size or SIZES[TICKETS]) * people
        begin, end = round(whole * first), round(whole * last)
        records = RECORDS.format(salt=SEED + salt, first=begin, last=end)
        db.execute(
            statement.format(records=records, moment=MOMENT, people=people, first=begin, last=end)
        )
        added += (end - begin) if size else 0
    return added
