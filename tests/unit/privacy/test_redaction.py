"""Redaction in the warehouse: whose names count in a thread, and only what changed is read again."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from privacy import redaction
from tests.unit.labelling.conftest import EXPECTED, empty

KEYS = {"tickets": "ticket_id", "ticket_events": "ticket_event_id", "person_relations": "relation_id",
        "person_observations": "account_id", "feedback_turns": "turn_id"}  # fmt: skip
ENGLISH = "so the people at the desk were kind and the delivery was quick"


@pytest.fixture
def db(tmp_path: Path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as opened:
        empty(opened)
        yield opened


def put(db: duckdb.DuckDBPyConnection, contract: str, **row: Any) -> None:
    key = KEYS[contract]
    db.execute(f"delete from contracts.{contract} where {key} = ?", [row[key]])
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    db.execute(f"insert into contracts.{contract} ({names}) values ({marks})", [*row.values()])


def run(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> dict[str, int]:
    return redaction.redact(tmp_path / "warehouse.duckdb", EXPECTED)


def body(db: duckdb.DuckDBPyConnection, turn: str) -> str:
    found = db.execute("select body from redacted.turns where turn_id = ?", [turn]).fetchall()
    return str(found[0][0])


def thread(db: duckdb.DuckDBPyConnection) -> None:
    names = {"me": "Ada", "agent": "Berta", "once": "Carla", "ward": "Dora", "other": "Edna",
             "maiden": "Frida", "stranger": "Greta", "boss": "Hilda"}  # fmt: skip
    for account, name in names.items():
        put(db, "person_observations", account_id=account, first_name=name)
    put(db, "tickets", ticket_id="t", account_id="other", assignee_account_id="agent")
    put(db, "ticket_events", ticket_event_id="e", ticket_id="t", actor_account_id="once")
    put(db, "person_relations", relation_id="1", account_id="me", related_account_id="ward",
        relation="guardian_of")  # fmt: skip
    put(db, "person_relations", relation_id="2", account_id="me", related_account_id="boss",
        relation="reports_to")  # fmt: skip
    db.execute("insert into identity.account_persons values ('me', 'p'), ('maiden', 'p')")
    text = f"Ada Berta Carla Dora Edna Frida Greta Hilda, {ENGLISH}"
    put(db, "feedback_turns", turn_id="x", account_id="me", ticket_id="t", body=text)


def test_names_of_everybody_in_the_thread_are_taken_out_and_of_nobody_else(db, tmp_path) -> None:
    thread(db)
    run(db, tmp_path)
    assert body(db, "x") == f"{' '.join(['[name]'] * 6)} Greta Hilda, {ENGLISH}"


@pytest.mark.parametrize(
    ("text", "declared", "status"),
    [
        (ENGLISH, None, "redacted"),
        ("Доставката дойде по-рано и хората бяха любезни", None, "redacted"),
        ("Très déçu, personne ne m'a rappelé et la livraison est en retard", None, "withheld"),
        ("配達が遅れて、誰も返事をくれませんでした", None, "withheld"),
        ("😀 10/10", None, "redacted"),
        ("Hm", "xx", "withheld"),
        ("  ", None, "empty"),
        (None, None, "empty"),
    ],
)
def test_what_was_not_measured_is_withheld(db, tmp_path, text, declared, status) -> None:
    put(db, "feedback_turns", turn_id="x", body=text, language=declared)
    run(db, tmp_path)
    assert db.execute("select status from redacted.turns").fetchall() == [(status,)]


def test_only_what_is_new_changed_or_told_by_other_names_is_read_again(
    db, tmp_path, monkeypatch
) -> None:
    thread(db)
    put(db, "feedback_turns", turn_id="y", body=f"Ada {ENGLISH}")
    assert run(db, tmp_path)["read"] == 2
    assert run(db, tmp_path)["read"] == 0
    put(db, "person_observations", account_id="once", first_name="Greta")
    assert run(db, tmp_path)["read"] == 1
    assert body(db, "x").startswith("[name] [name] Carla [name] [name] [name] [name] Hilda")
    put(db, "feedback_turns", turn_id="y", body=f"Bea {ENGLISH}")
    assert run(db, tmp_path)["read"] == 1
    monkeypatch.setattr(redaction, "version", lambda expected: "another")
    assert run(db, tmp_path)["read"] == 2


def test_a_text_that_is_gone_is_gone(db, tmp_path) -> None:
    thread(db)
    run(db, tmp_path)
    db.execute("delete from contracts.feedback_turns")
    assert run(db, tmp_path) == {"redacted": 0, "withheld": 0, "empty": 0, "read": 0}
    assert db.execute("from redacted.turns").fetchall() == []


@pytest.mark.parametrize("seed", range(4))
def test_bit_by_bit_is_the_same_as_all_at_once(db, tmp_path, seed, monkeypatch) -> None:
    monkeypatch.setattr(redaction, "BATCH", 3)
    draw = random.Random(seed)
    thread(db)
    for _ in range(6):
        turn = f"t{draw.randrange(8)}"
        name = draw.choice(["Ada", "Berta", "Greta"])
        account = draw.choice(["me", "other", None])
        put(db, "feedback_turns", turn_id=turn, account_id=account, body=f"{name} {ENGLISH}")
        put(db, "person_observations", account_id="me", first_name=draw.choice(["Ada", "Greta"]))
        db.execute(f"delete from contracts.feedback_turns where turn_id = 't{draw.randrange(8)}'")
        run(db, tmp_path)
    bit_by_bit = db.execute("from redacted.turns order by all").fetchall()
    db.execute("drop schema redacted cascade")
    run(db, tmp_path)
    assert db.execute("from redacted.turns order by all").fetchall() == bit_by_bit


def test_more_texts_than_memory_holds_are_read_all_the_same(db, tmp_path, monkeypatch) -> None:
    texts = 200_000
    db.execute(
        f"insert into contracts.feedback_turns by name select 'turn' || i as turn_id, "
        f"'account' || i as account_id, 'ok' as body, 'en' as language from range({texts}) as _(i)"
    )
    db.execute(
        f"insert into contracts.person_observations by name select 'account' || i as account_id, "
        f"repeat(md5(i::varchar), 8) as email from range({texts}) as _(i)"
    )
    db.close()
    told: list[int] = []

    def counted(_: object, batches: Iterable[pa.Table]) -> Iterator[pa.Table]:
        for batch in batches:
            told.extend(len(accounts) for accounts in batch["accounts"].to_pylist())
            yield pa.table({"status": ["redacted"] * len(batch)})

    monkeypatch.setattr(redaction, "MEMORY", "200MB")
    monkeypatch.setattr(redaction, "in_parallel", counted)

    assert run(db, tmp_path)["read"] == texts
    assert told == [1] * texts
