"""Accounts bound to persons: the first time, then with 1 % new ones.

The yardstick is one recursive query: connected components of the same accounts over the e-mails and
phones as they were typed. It knows no normal form, no contested value, no history and no id that
stays; below it no resolution by shared values can fall.
"""

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.scenario import Reach, Scenario, Timed
from identity import resolve

SHARE_NEW = 0.01
SEED = 20260630

# Two and a half accounts a person in three systems; a tenth without e-mail, misspelt given names,
# one mailbox in three hundred shared by a family, and one desk that a thousand accounts give.
WORLD = """
create schema if not exists contracts;
create or replace table contracts.person_observations as
with numbered as (
    select i, (hash(i * 7919 + {seed}) % (greatest({accounts}, 10) * 2 // 5))::bigint as person,
        hash(i * 104729 + {seed}) as dice
    from range({first}, {accounts}) as numbers(i)
),
people as (
    select *, hash(person * 31 + {seed}) as trait, person // 2 as household from numbered
)
select
    ['crm', 'support', 'survey'][1 + (dice % 3)::int] as source,
    source || ':' || i as account_id,
    i::varchar as source_record_id,
    case when dice % 17 = 0 then substr(given, 2) else given end as first_name,
    'Family' || (trait // 1000 % 20000) as last_name,
    null::varchar as full_name,
    case
        when dice % 1000 = 1 then 'desk@shared.example'
        when dice % 10 = 2 then null
        when household % 300 = 0 then 'home' || household || '@mail.example'
        else 'person' || person || '@mail.example'
    end as email,
    case when dice % 3 = 0 then '+49151' || lpad(person::varchar, 8, '0') end as phone,
    null::varchar as employee_number, null::varchar as member_number,
    null::varchar as external_id,
    case when dice % 2 = 0 then date '1950-01-01' + (trait % 20000)::int end as birth_date,
    'de' as language, 'DE' as country, null::varchar as city, null::varchar as organisation_id,
    null::varchar as merged_into_account_id, false as is_deleted, false as is_test,
    timestamp '2026-01-01' as created_at, null::timestamp as updated_at
from (select *, 'Given' || chr((65 + trait % 26)::int) || (trait % 997) as given from people)
"""
ORGANISATIONS = """
create or replace table contracts.organisations (
    source varchar, organisation_id varchar, name varchar, domain varchar,
    organisation_kind varchar, registration_number varchar, country varchar,
    merged_into_organisation_id varchar, is_deleted boolean, created_at timestamp,
    updated_at timestamp
)
"""
# Each account is tied to the first one with the same value; the smallest number spreads from there.
# Made once, what each round reads takes half the time that it takes when DuckDB is left to choose.
COMPONENTS = """
create table components as
with recursive accounts as materialized (
    select row_number() over (order by account_id) as account, email, phone
    from contracts.person_observations
),
given as (
    select account, 'email ' || email as given from accounts
    where email <> 'desk@shared.example'
    union all
    select account, 'phone ' || phone from accounts where phone is not null
),
ties as materialized (
    select account, min(account) over (partition by given) as first from given
),
edges as materialized (
    select account as one, first as other from ties where account <> first
    union
    select first, account from ties where account <> first
),
components (account, component) using key (account) as (
    select account, account from accounts
    union
    select edges.other, min(components.component)
    from components
    inner join edges on components.account = edges.one
    inner join recurring.components as known on edges.other = known.account
    where components.component < known.component
    group by edges.other
)
select * from components
"""
KEPT = ("accounts", "persons", "largest_person", "contested_values", "minted", "moved")


def made(folder: Path, size: int) -> None:
    """Make accounts in three systems, in a warehouse that knows nobody."""
    if not _file(folder, "empty").exists():
        with duckdb.connect(str(_file(folder, "empty"))) as db:
            db.execute(WORLD.format(seed=SEED, first=0, accounts=size))
            db.execute(ORGANISATIONS)


def bound(folder: Path, size: int) -> None:
    """Bind them once."""
    made(folder, size)
    if not _file(folder, "bound").exists():
        resolved(_copy(folder, "empty", "bound"), datetime(2026, 6, 30))


def first(folder: Path, _: int) -> Timed:
    """Bind all accounts where nobody is known."""
    warehouse = _copy(folder, "empty", "work")
    return lambda: resolved(warehouse, datetime(2026, 6, 30))


def components(folder: Path, _: int) -> Timed:
    """Find the connected components."""
    warehouse = _copy(folder, "empty", "work")

    def timed() -> Mapping[str, Any]:
        with duckdb.connect(str(warehouse)) as db:
            db.execute(COMPONENTS)
            counted = db.execute("select count(distinct component) from components").fetchall()
        return {"components": counted[0][0]}

    return timed


def new_ones(folder: Path, size: int) -> Timed:
    """Add accounts of people of the same population where all others are bound; bind them."""
    warehouse, new = _copy(folder, "bound", "work"), int(size * SHARE_NEW)
    with duckdb.connect(str(warehouse)) as db:
        db.execute("create temp table before as from contracts.person_observations")
        db.execute(WORLD.format(seed=SEED, first=size, accounts=size + new))
        db.execute("insert into contracts.person_observations from before")
    return lambda: resolved(warehouse, datetime(2026, 7, 1))


def resolved(warehouse: Path, as_of: datetime) -> Mapping[str, Any]:
    """Bind accounts; return what came of it."""
    figures = resolve(warehouse, as_of)
    return {name: figures[name] for name in KEPT}


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.duckdb"


def _copy(folder: Path, name: str, to: str) -> Path:
    for left in folder.glob(f"{to}.duckdb*"):
        left.unlink()
    return Path(shutil.copyfile(_file(folder, name), _file(folder, to)))


SCENARIOS = [
    Scenario(
        name="identity_first",
        does="accounts bound to persons by what they share, the first time",
        ours=first,
        beside="their connected components by one recursive query",
        yardstick=components,
        reach=Reach(1.5),
        prepare=made,
        size=1_000_000,
        of="accounts",
    ),
    Scenario(
        name="identity_new",
        does="the same with 1 % new accounts",
        ours=new_ones,
        beside="the first time",
        yardstick=first,
        reach=Reach(0.1),
        prepare=bound,
        size=1_000_000,
        of="accounts",
    ),
]
