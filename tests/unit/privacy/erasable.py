"""A small house of real parts with one person to forget: a toy vendor, identity, a publication."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dlt
import duckdb

from identity import resolve
from ingestion.connector import Column, Connector, Table, Whose
from ingestion.mapping.contracts import FILLABLE
from ingestion.pipeline import Landing, Load, connect, load
from orchestration import erasure, keys, publish
from orchestration.kept_out import gate, sweep
from orchestration.reissue import pseudonyms
from orchestration.settings import Settings, read
from privacy.search import search
from privacy.subject import Subject, find
from privacy.values import Value, Values

PLANTED = "zqplanted.quill@mail.example"
NAME = "Zqplanted Quill"
AT = "2026-01-01T00:00:00Z"
AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
FIND = Values(frozenset({Value("email", PLANTED), Value("name", NAME)}))


def table(of: str, /, **columns: str) -> Table:
    declared = {column: Column(kind) for column, kind in columns.items()}
    return Table(of, ("id",), declared, of, time="at" if "at" in columns else None)


TABLES = (
    table("people", id="string", name="string", email="string"),
    table(
        "notes", id="string", person_id="string", helper_id="string", body="string", at="timestamp"
    ),
    table("replies", id="string", note_id="string", said="json"),
)
WHOSE = {
    "people": Whose("id"),
    "notes": Whose("person_id", mentions=("helper_id",)),
    "replies": Whose(part_of={"note_id": "notes.id"}, mentions=("said",)),
}
PEOPLE = [
    {"id": "person-0001", "name": NAME, "email": PLANTED},
    {"id": "person-0002", "name": "Other Body", "email": "other@mail.example"},
]
NOTES = [
    {"id": "n1", "person_id": "person-0001", "helper_id": None, "body": "help me", "at": AT},
    {"id": "n2", "person_id": "person-0002", "helper_id": "person-0001", "at": AT,
     "body": f"{NAME} at {PLANTED} told me to write"},
]  # fmt: skip
REPLIES = [
    {"id": "r1", "note_id": "n1", "said": {"by": "person-0002", "body": "no"}},
    {"id": "r2", "note_id": "n2", "said": {"by": "person-0001", "body": "yes"}},
]
MISFIT = {
    "id": "n3",
    "person_id": "person-0001",
    "helper_id": None,
    "body": {"a": PLANTED},
    "at": AT,
}


def toy(pages: dict[str, list[dict[str, Any]]]) -> Connector:
    """Return the vendor, who sends these rows."""

    @dlt.source(name="toy", section="toy")
    def source() -> Iterator[Any]:
        for name, rows in pages.items():
            yield dlt.resource([rows], name=name)

    return Connector("toy", "Toy", TABLES, source, whose=WHOSE)


EVERYTHING = {"people": PEOPLE, "notes": [*NOTES, MISFIT], "replies": REPLIES}


def house(data: Path) -> Settings:
    """Return the settings of a data folder that has its keys."""
    current = read({"AX_DATA_DIR": str(data), "AX_SOURCES": "files"})
    keys.ensure(current.keys)
    return current


def read_all(current: Settings, pages: dict[str, list[dict[str, Any]]] = EVERYTHING) -> Load:
    """Load what the vendor sends, as every run does."""
    landing = Landing(current.warehouse, current.work, AS_OF, gate(current))
    connector = toy(pages)
    done = load(connector, landing, lambda *_: [])
    sweep(current, [connector])
    assert done.problem is None, done.problem
    return done


def build(current: Settings) -> Settings:
    """Load, tell who is who, publish, and leave traces in every kind of store."""
    read_all(current)
    with connect(current.warehouse) as db:
        for name in ("person_observations", "organisations", "tickets", "ticket_events"):
            columns = ", ".join(f'"{c}" {kind}' for c, kind in FILLABLE[name].columns.items())
            db.execute("create schema if not exists contracts")
            db.execute(f"create or replace table contracts.{name} (source varchar, {columns})")
        db.execute(
            "insert into contracts.person_observations by name select 'toy' as source, "
            "'toy:' || id as account_id, name as full_name, email from raw_toy.people"
        )
        db.execute(
            "insert into contracts.tickets by name select 'toy' as source, 'toy:' || id as "
            "ticket_id, 'toy:' || person_id as account_id, 'toy:' || helper_id as "
            "assignee_account_id from raw_toy.notes"
        )
        db.execute(
            "insert into contracts.ticket_events by name select 'toy' as source, 'toy:' || id || "
            "'-1' as ticket_event_id, 'toy:' || id as ticket_id, 'toy:' || helper_id as value, "
            "'toy:' || helper_id as previous_value from raw_toy.notes"
        )
        db.execute("create schema marts")
        db.execute(
            "create table marts.fct_tickets as select ticket_id, 1 as n from contracts.tickets"
        )
    resolve(current.warehouse, AS_OF)
    _publish(current)
    _leave_traces(current)
    return current


def _publish(current: Settings) -> None:
    with connect(current.warehouse) as db:
        mine = find(db, email=PLANTED)
    (key, *_) = sorted(value.text for value in pseudonyms(current, mine).values)
    current.publication.parent.mkdir(parents=True, exist_ok=True)
    with closing(duckdb.connect(str(current.publication))) as db:
        db.execute("create table pub_rows (person_key varchar, n bigint)")
        db.execute("insert into pub_rows values (?, 1), ('somebody', 2)", [key])
        db.execute("create table pub_values as select 'nps' as metric, 41.5 as value, 12 as n")
    for _ in range(2):
        publish.publish(current, AS_OF, {"code": None})


def _leave_traces(current: Settings) -> None:
    (current.data / "dagster").mkdir()
    with closing(sqlite3.connect(current.data / "dagster" / "event_log.db")) as db:
        db.execute("create table event_logs (id integer primary key, event text)")
        db.execute("insert into event_logs (event) values (?)", [json.dumps({"said": NAME})])
        db.commit()
    current.logs.mkdir()
    (current.logs / "run.log").write_text(f"a row of {PLANTED} is odd\n")
    for folder in (current.work / "old", current.data / "quarantine" / "toy"):
        folder.mkdir(parents=True)
        with closing(duckdb.connect()) as db:
            db.execute(f"copy (select '{NAME}' as name) to '{folder}/package.parquet'")
    exports = current.data / "exports"
    exports.mkdir()
    for name, who in (("theirs", NAME), ("others", "nobody")):
        duckdb.sql(f"copy (select '{who}' as name) to '{exports}/{name}.parquet'")
    current.inbox.mkdir()
    (current.inbox / f"{NAME}.csv").write_text(f"name,email\n{NAME},{PLANTED}\n")


def places(current: Settings, values: Values = FIND) -> set[str]:
    """Return where a value stands, outside the vendor's world and the inbox."""
    hits = search(current.data, values, erasure.outside(current))
    return {f"{hit.file.name}:{hit.relation}" for hit in hits}


def planted(current: Settings) -> Subject:
    """Return the person to forget."""
    with connect(current.warehouse) as db:
        return find(db, email=PLANTED)
