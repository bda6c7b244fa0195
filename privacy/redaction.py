"""Redact what the audience wrote before anything reads it; only what is new or changed.

Reads the contracts; writes schema `redacted`, from which labelling reads, and dbt what it counts.
The text as it was written stays in the contracts and in raw, and nothing behind them reads it.
"""

import csv
import hashlib
import importlib.metadata
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from labelling import languages
from labelling.texts import clean, has_letters
from privacy.parallel import in_parallel
from privacy.redaction_text import ACCOUNT, NUMBERS, Known, known, redact_text
from storage import Warehouse, opened

BATCH = 20_000
MEMORY = "2GB"  # of DuckDB; above it spills beside the warehouse
PROMISED = 0.98
MEASURED = Path(__file__).parents[1] / "dbt_project" / "seeds" / "redaction_languages.csv"
LIBRARIES = ("anyascii", "idnumbers", "phonenumbers", "py3langid")
AS_WRITTEN = (
    "turn_id", "source", "source_record_id", "instrument", "declared", "content_hash", "known_hash",
)  # fmt: skip
TOLD = pa.schema({
    "version": pa.string(), "language": pa.string(), "status": pa.string(), "body": pa.string(),
    "characters": pa.int64(), "found": pa.string(),
})  # fmt: skip
SCHEMA = """
create schema if not exists redacted;
-- Each turn with its text as it may be read; `found` counts what was taken out, by kind, as JSON.
create table if not exists redacted.turns (
    turn_id varchar, source varchar, source_record_id varchar, instrument varchar,
    declared varchar, content_hash varchar, known_hash varchar, version varchar,
    language varchar, status varchar, body varchar, characters bigint, found varchar
);
"""
# Whose names a text may hold: who wrote it, everybody on its ticket, their guardians and wards, and
# whatever other accounts the same person has.
THREADS = """
create or replace temp table threads as
with turns as (
    select turn_id, account_id, ticket_id from contracts.feedback_turns where trim(body) <> ''
),
there as (
    select turn_id, account_id from turns
    union
    select turns.turn_id, unnest([tickets.account_id, tickets.assignee_account_id])
    from turns inner join contracts.tickets as tickets using (ticket_id)
    union
    select turns.turn_id, events.actor_account_id
    from turns inner join contracts.ticket_events as events using (ticket_id)
    union
    select turns.turn_id, others.account_id
    from turns inner join turns as others using (ticket_id)
),
kin as (
    select account_id, related_account_id from contracts.person_relations
    where relation <> 'reports_to'
    union
    select related_account_id, account_id from contracts.person_relations
    where relation <> 'reports_to'
),
near as (
    select turn_id, account_id from there
    union all
    select there.turn_id, kin.related_account_id from there inner join kin using (account_id)
),
persons as (
    select distinct near.turn_id, person.person_id
    from near inner join identity.account_persons as person using (account_id)
)
select persons.turn_id, person.account_id
from persons inner join identity.account_persons as person using (person_id)
union all
select distinct near.turn_id, near.account_id
from near anti join identity.account_persons as person using (account_id)
where near.account_id is not null
"""
TURNS = f"""
create or replace temp table turns as
with facts as (
    select account_id, md5(concat_ws('|', {
    ", ".join(f"coalesce(cast({column} as varchar), '')" for column in (*ACCOUNT, *NUMBERS))
})) as fact
    from contracts.person_observations
),
hashes as (
    select turn_id, md5(array_to_string(list_sort(list(distinct fact)), ',')) as known_hash
    from threads inner join facts using (account_id)
    group by turn_id
)
select turns.turn_id, source, source_record_id, instrument, body, language as declared,
    md5(body) as content_hash, hashes.known_hash
from contracts.feedback_turns as turns left join hashes using (turn_id)
"""
# What is to be read, numbered once, so that a batch is a range and costs what it holds. Texts that
# the same facts surround share them and stand side by side.
WAITING = """
create or replace temp table waiting as
select *, row_number() over (order by known_hash, turn_id) as number
from turns anti join redacted.turns using (turn_id)
order by number
"""
# The facts, once for all texts that share them. A row each, in order: lists of a million texts at
# once would have to be held in memory, and rows go to disk when there is too little of it.
PEOPLE = f"""
create or replace temp table people as
with firsts as (
    select min(turn_id) as turn_id, known_hash
    from waiting where known_hash is not null group by known_hash
)
select firsts.known_hash, {", ".join((*ACCOUNT, *NUMBERS))}
from firsts
inner join threads using (turn_id)
inner join contracts.person_observations using (account_id)
order by firsts.known_hash
"""
NEXT = f"""
with texts as (select * from waiting where number between ? and ?),
surrounding as (
    select known_hash, list(struct_pack({
    ", ".join(f"{column} := {column}" for column in (*ACCOUNT, *NUMBERS))
})) as accounts
    from people semi join texts using (known_hash) group by known_hash
)
select texts.* exclude (number), surrounding.accounts
from texts left join surrounding using (known_hash) order by number
"""


def redact(warehouse: Warehouse, expected: Sequence[str]) -> dict[str, int]:
    """Redact what is new or changed, forget what is gone; return texts by status and `read`.

    `expected` are the languages in which people write to this organisation.
    """
    told_by = version(expected)
    with opened(warehouse) as db:
        db.execute(f"set memory_limit = '{MEMORY}'")
        db.begin()  # a run that is killed leaves what the one before had redacted
        for statement in (SCHEMA, THREADS, TURNS):
            db.execute(statement)
        _forget(db, told_by)
        for statement in (WAITING, PEOPLE):
            db.execute(statement)
        read = sum(_keep(db, made) for made in _made(db, told_by, expected))
        figures = standing(db)
        db.commit()
    return {**figures, "read": read}


def standing(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many turns are redacted, withheld and empty."""
    found = db.execute("select status, count(*) from redacted.turns group by status").fetchall()
    return {"redacted": 0, "withheld": 0, "empty": 0, **{str(name): n for name, n in found}}


def version(expected: Sequence[str]) -> str:
    """Return a version that changes with anything that could change a redacted text."""
    digest = hashlib.sha256(MEASURED.read_bytes())
    for file in sorted(Path(__file__).parent.glob("redaction*.py")):
        digest.update(file.read_bytes())
    for name in LIBRARIES:
        digest.update(f"{name} {importlib.metadata.version(name)}".encode())
    digest.update(" ".join(sorted(expected)).encode())
    return digest.hexdigest()[:12]


@cache
def measured() -> frozenset[str]:
    """Return the languages in which redaction was measured and finds as much as is promised."""
    with MEASURED.open(newline="", encoding="utf-8") as lines:
        return frozenset(
            row["language"] for row in csv.DictReader(lines) if float(row["recall"]) >= PROMISED
        )


def redacted(text: str | None, declared: str | None, of: Known, expected: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    """Return language, status, body, characters and found of one text.

    Withheld is what is written in a language that was not measured, or in none that is clear: its
    body is redacted as far as it goes and must not leave.
    """
    if text is None or not text.strip():
        return {
            "status": "empty",
            "language": None,
            "body": None,
            "characters": None,
            "found": None,
        }
    plain = clean(text)
    language = languages.identify(plain, expected) or languages.declared(declared)
    body, counts = redact_text(text, language, of)
    is_told = language in measured() or not has_letters(plain)
    return {
        "status": "redacted" if is_told else "withheld", "language": language, "body": body,
        "characters": len(text), "found": json.dumps(counts),
    }  # fmt: skip


def _forget(db: duckdb.DuckDBPyConnection, told_by: str) -> None:
    """Drop what was another text, or was redacted by other names or other rules."""
    db.execute(
        """
        delete from redacted.turns as kept
        where not exists (
            select 1 from turns
            where turns.turn_id = kept.turn_id
                and turns.source is not distinct from kept.source
                and turns.source_record_id is not distinct from kept.source_record_id
                and turns.instrument is not distinct from kept.instrument
                and turns.declared is not distinct from kept.declared
                and turns.content_hash is not distinct from kept.content_hash
                and turns.known_hash is not distinct from kept.known_hash
                and kept.version = $1
        )
        """,
        [told_by],
    )


def _made(
    db: duckdb.DuckDBPyConnection, told_by: str, expected: Sequence[str]
) -> Iterator[pa.Table]:
    (waiting,) = db.execute("select count(*) from waiting").fetchone() or (0,)
    batches = (
        db.execute(NEXT, [first, first + BATCH - 1]).to_arrow_table()
        for first in range(1, waiting + 1, BATCH)
    )
    read = partial(_read, told_by=told_by, expected=expected)
    return map(read, batches) if waiting <= BATCH else in_parallel(read, batches)


def _read(texts: pa.Table, told_by: str, expected: Sequence[str]) -> pa.Table:
    """Return some turns as they are written down."""
    people: dict[str | None, Known] = {}
    made = []
    for row in texts.select(["known_hash", "accounts", "body", "declared"]).to_pylist():
        key = row["known_hash"]
        if key not in people:
            people[key] = known(row["accounts"] or [])
        found = redacted(row["body"], row["declared"], people[key], expected)
        made.append({"version": told_by, **found})
    told = pa.Table.from_pylist(made, TOLD)
    written = texts.select(AS_WRITTEN)
    return pa.Table.from_arrays([*written.columns, *told.columns], [*AS_WRITTEN, *TOLD.names])


def _keep(db: duckdb.DuckDBPyConnection, made: pa.Table) -> int:
    """Write some turns down; return how many had a text."""
    db.register("made", made)
    db.execute("insert into redacted.turns by name from made")
    db.unregister("made")
    statuses = Counter(made["status"].to_pylist())
    return statuses.total() - statuses["empty"]
