"""A million accounts bound to persons: the first run, then 1 % new ones, beside a bare join.

`python -m benchmarks.identity_million` writes `benchmarks/results/identity_million.json`. The
yardstick, in the same run: DuckDB joining the same accounts to themselves on their e-mail and phone
as typed, below which no resolution by shared values can fall.
"""

import json
import platform
import resource
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

RESULTS = Path(__file__).parent / "results" / "identity_million.json"
ACCOUNTS = 1_000_000
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
    timestamp '2026-01-01' as created_at, null::timestamp as updated_at,
    person as true_person
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
YARDSTICK = """
select count(*) from contracts.person_observations as l
inner join contracts.person_observations as r
    on l.account_id < r.account_id and l.{column} = r.{column}
where l.{column} <> 'desk@shared.example'
"""


def main() -> None:
    """Run the benchmark and write its result."""
    from identity import resolve

    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "warehouse.duckdb"
        _make(warehouse, 0)
        yardstick = _yardstick(warehouse)
        first = _timed(lambda: resolve(warehouse, datetime(2026, 6, 30)))
        nothing = _timed(lambda: resolve(warehouse, datetime(2026, 7, 1)))
        _add(warehouse, int(ACCOUNTS * SHARE_NEW))
        increment = _timed(lambda: resolve(warehouse, datetime(2026, 7, 2)))
        result = {
            "accounts": ACCOUNTS,
            "machine": f"{platform.machine()}, {platform.python_version()}",
            "yardstick_join_seconds": yardstick,
            "first": first,
            "nothing_new": nothing,
            "one_percent_new": increment,
            "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 2),
            "pairs": _pairs(warehouse),
        }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def _make(warehouse: Path, first: int) -> None:
    with duckdb.connect(str(warehouse)) as db:
        db.execute(WORLD.format(seed=SEED, first=first, accounts=ACCOUNTS))
        db.execute(ORGANISATIONS)


def _add(warehouse: Path, new: int) -> None:
    """Add accounts of people of the same population."""
    with duckdb.connect(str(warehouse)) as db:
        db.execute("create temp table before as from contracts.person_observations")
        db.execute(WORLD.format(seed=SEED, first=ACCOUNTS, accounts=ACCOUNTS + new))
        db.execute("insert into contracts.person_observations from before")


def _yardstick(warehouse: Path) -> float:
    start = time.monotonic()
    with duckdb.connect(str(warehouse)) as db:
        for column in ("email", "phone"):
            db.execute(YARDSTICK.format(column=column)).fetchall()
    return round(time.monotonic() - start, 1)


def _timed(run: Any) -> dict[str, Any]:
    start = time.monotonic()
    figures = run()
    kept = ("accounts", "persons", "largest_person", "contested_values", "minted", "moved")
    return {"seconds": round(time.monotonic() - start, 1), **{k: figures[k] for k in kept}}


def _pairs(warehouse: Path) -> dict[str, float]:
    with duckdb.connect(str(warehouse)) as db:
        found, real, both = db.execute(
            """
            with bound as (
                select person_id, true_person
                from contracts.person_observations inner join identity.account_persons
                    using (account_id)
            )
            select
                (select sum(n * (n - 1) / 2) from
                    (select count(*) as n from bound group by person_id)),
                (select sum(n * (n - 1) / 2) from
                    (select count(*) as n from bound group by true_person)),
                (select sum(n * (n - 1) / 2) from
                    (select count(*) as n from bound group by person_id, true_person))
            """
        ).fetchall()[0]
    return {"precision": round(both / found, 4), "recall": round(both / real, 4)}


if __name__ == "__main__":
    main()
