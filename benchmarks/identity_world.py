"""Who is who in the sandbox: the house's answer against the truth, and the ceiling of the evidence.

`python -m benchmarks.identity_world DATA` reads a data folder in which `ax run` built the default
sandbox, and writes `benchmarks/results/identity_world.json`. The yardsticks, in the same run:
joining every account that shares an e-mail as typed, and the most that anybody could reach who
knows the truth and joins two accounts only where they share some evidence beyond a name.
"""

import json
import sys
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from identity.evaluate import against_truth
from ingestion.sandbox.world import make_world

RESULTS = Path(__file__).parent / "results" / "identity_world.json"
SYSTEMS = {"crm": "hubspot", "survey": "qualtrics", "hr": "bamboohr", "support": "zendesk",
           "files": "files:register"}  # fmt: skip

# Steps between two accounts; `l` and `r` hold what each shows. Only the last two know the truth.
EXACT = "l.email = r.email or l.phone = r.phone or l.number = r.number or l.born = r.born"
CEILINGS = {
    "same value": f"l.truth = r.truth and ({EXACT})",
    "same value or a misspelt address": f"l.truth = r.truth and ({EXACT} "
    "or damerau_levenshtein(l.email, r.email) <= 2)",
}
REACH = """
with recursive steps as (
    select l.record, r.record as other from shown as l
    inner join shown as r on l.record <> r.record and {joined} and ({condition})
    union all
    select links.account_id, links.other_account_id from identity.person_links as links
    inner join shown as l on links.account_id = l.record
    inner join shown as r on links.other_account_id = r.record and l.truth = r.truth
    where kind in ('external_id', 'merged_into')
),
ways as (select record, other from steps union select other, record from steps),
reached(record, label) using key (record) as (
    select record, record from shown
    union
    select ways.record, min(reached.label) from ways
    inner join reached on ways.other = reached.record
    inner join recurring.reached as own on ways.record = own.record
    where reached.label < own.label group by ways.record
)
select reached.record, shown.truth, reached.label as found
from reached inner join shown using (record)
"""


def main(data: Path) -> None:
    """Measure and write the result."""
    with duckdb.connect(str(data / "warehouse" / "warehouse.duckdb"), read_only=True) as db:
        db.register("truth", _truth(data))
        db.execute(
            """
            create temp table shown as
            select truth.record, truth.person_uid as truth, bound.person_id as found,
                lower(trim(seen.email)) as email, held.value as phone,
                seen.employee_number as number, seen.birth_date as born
            from truth
            inner join identity.account_persons as bound on truth.record = bound.account_id
            inner join contracts.person_observations as seen using (account_id)
            left join (
                select account_id, min(value) as value from identity.person_identifiers
                where kind = 'phone' group by account_id
            ) as held using (account_id)
            """
        )
        result = {"house": against_truth(db, "shown"), "same e-mail as typed": _joined(db)}
        for name, condition in CEILINGS.items():
            query = REACH.format(joined="l.truth = r.truth", condition=condition)
            db.execute(f"create or replace temp table reached as {query}")
            result[f"ceiling: {name}"] = against_truth(db, "reached")
    rounded = {
        name: {k: round(v, 5) if isinstance(v, float) else v for k, v in figures.items()}
        for name, figures in result.items()
    }
    RESULTS.write_text(json.dumps(rounded, indent=2) + "\n")
    print(json.dumps(rounded, indent=2))


def _joined(db: duckdb.DuckDBPyConnection) -> dict[str, float]:
    db.execute(
        "create or replace temp table typed as "
        "select record, truth, coalesce(email, record) as found from shown"
    )
    return against_truth(db, "typed")


def _truth(data: Path) -> pd.DataFrame:
    state = json.loads((data / "sandbox" / "state.json").read_text())
    until = date.fromisoformat(state["as_of"][:10])
    world = make_world(people=state["people"], seed=state["seed"], until=until)
    accounts = world.truth["account_person"]
    record = accounts["system"].map(SYSTEMS) + ":" + accounts["account_key"].astype(str)
    return accounts.assign(record=record)[["record", "person_uid"]].astype(object)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "data"))
