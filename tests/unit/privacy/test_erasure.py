"""Who is forgotten is found nowhere afterwards, and stays out."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import erasable
import pytest
from erasable import EVERYTHING, FIND, NAME, PLANTED, build, house, places, planted, read_all, toy

from orchestration import erasure, kept_out, publish, retention
from orchestration.commands import doctor
from orchestration.exports import sha256
from orchestration.published import build_publication
from orchestration.settings import Settings
from privacy.errors import AnotherErasure, LostKey, NobodyFound
from privacy.subject import Subject
from privacy.terms import Retention
from privacy.values import Values, values_of

CONNECTORS = {"toy": toy(EVERYTHING)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(house(tmp_path_factory.mktemp("built") / "data")).data


@pytest.fixture
def current(built: Path, tmp_path: Path) -> Settings:
    return house(shutil.copytree(built, tmp_path / "data", symlinks=True))


@dataclass(frozen=True)
class Forgotten:
    current: Settings
    subject: Subject
    places: set[str]
    served: publish.Publication | None
    receipt: dict[str, Any]


@pytest.fixture(scope="module")
def forgotten(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Forgotten:
    """The house before and after; tests only read it."""
    copy = tmp_path_factory.mktemp("forgotten") / "data"
    current = house(shutil.copytree(built, copy, symlinks=True))
    before = places(current), publish.served(current)
    return Forgotten(current, planted(current), *before, forget(current))


def rows(current: Settings, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(current.warehouse)) as db:
        return db.execute(sql).fetchall()


def forget(current: Settings) -> dict[str, Any]:
    return json.loads(erasure.forget(current, CONNECTORS, planted(current)).read_text())


def test_the_search_finds_in_every_kind_of_store_what_erasing_takes_away(
    forgotten: Forgotten,
) -> None:
    current = forgotten.current
    assert forgotten.places >= {
        "warehouse.duckdb:raw_toy.people", "warehouse.duckdb:raw_toy.notes",
        "warehouse.duckdb:raw_toy.quarantine", "warehouse.duckdb:contracts.person_observations",
        "warehouse.duckdb:identity.person_identifiers", "warehouse.duckdb:",
        "package.parquet:package", "theirs.parquet:theirs", "event_log.db:event_logs", "event_log.db:", "run.log:",
    }  # fmt: skip

    assert places(current) == set()
    assert [file.name for file in (current.data / "exports").iterdir()] == ["others.parquet"]
    gone = "select count(*) from {} where {} like '%person-0001%'"
    for relation, column in (
        ("raw_toy.people", "id"), ("raw_toy.notes", "person_id"), ("raw_toy.notes", "helper_id"),
        ("raw_toy.replies", "said"), ("contracts.tickets", "assignee_account_id"),
        ("contracts.ticket_events", "value"), ("contracts.ticket_events", "previous_value"),
        ("contracts.person_observations", "account_id"),
        ("identity.person_bindings", "account_id"), ("identity.person_components", "account_id"),
    ):  # fmt: skip
        assert rows(current, gone.format(relation, column)) == [(0,)], relation


def test_of_others_nothing_goes_but_the_name_they_wrote(forgotten: Forgotten) -> None:
    current = forgotten.current
    assert rows(current, "select id, body, helper_id from raw_toy.notes") == [
        ("n2", "[erased] at [erased] told me to write", None)
    ]
    assert rows(current, "select id, said->>'body', said->>'by' from raw_toy.replies") == [
        ("r2", "yes", None)
    ]
    assert rows(current, "select ticket_id from marts.fct_tickets") == [("toy:n2",)]
    assert rows(current, "select account_id from identity.account_persons") == [
        ("toy:person-0002",)
    ]


def test_what_is_read_again_does_not_land_again(current: Settings) -> None:
    forget(current)
    new = {
        "id": "n9",
        "person_id": "person-0001",
        "helper_id": None,
        "body": "again",
        "at": erasable.AT,
    }
    hanging = {"id": "r9", "note_id": "n9", "said": {"by": "person-0002"}}
    other_key = {"id": "person-0077", "name": "Z. Quill", "email": PLANTED.upper()}
    again = {
        "replies": EVERYTHING["replies"],
        "people": [*EVERYTHING["people"], other_key],
        "notes": [*EVERYTHING["notes"], new],
    }

    read_all(current, {"people": [], "notes": [], "replies": [hanging]})  # before what it hangs on
    assert rows(current, "select id from raw_toy.replies order by id") == [("r2",), ("r9",)]
    loaded = read_all(current, again)

    left = {count.table: count.kept_out for count in loaded.tables if count.kept_out}
    assert left == {"people": 2, "notes": 3, "replies": 1}
    assert loaded.touched == 0
    assert rows(current, "select id from raw_toy.people") == [("person-0002",)]
    assert rows(current, "select id from raw_toy.notes") == [("n2",)]
    assert rows(current, "select id from raw_toy.replies") == [("r2",)]
    assert places(current) == set()


def test_a_source_that_never_sent_anything_stops_no_load(current: Settings) -> None:
    forget(current)
    rows(current, "drop schema raw_toy cascade")
    kept_out.sweep(current, CONNECTORS.values())


def test_read_anew_from_nothing_the_name_in_others_texts_stays_out(current: Settings) -> None:
    forget(current)
    rows(current, "drop schema raw_toy cascade")

    read_all(current)

    assert rows(current, "select id, body from raw_toy.notes") == [
        ("n2", "[erased] at [erased] told me to write")
    ]
    assert places(current) == set()


def test_rows_that_left_are_taken_back_and_figures_stay(forgotten: Forgotten) -> None:
    current, before, receipt = forgotten.current, forgotten.served, forgotten.receipt
    for kept in publish.publications(current):
        assert sha256(kept.file) == kept.facts["sha256"]
        assert kept.facts["rows"] == {"pub_rows": 1, "pub_values": 1}
        assert kept.facts["reissued"][0]["reason"] == "erasure"
        left = duckdb.sql(f"from '{kept.folder}/parquet/pub_rows.parquet'").fetchall()
        assert left == [("somebody", 2)]
    served = publish.served(current)
    assert served
    assert before
    assert served.id == before.id
    assert sha256(current.serving) == served.facts["sha256"]
    with duckdb.connect(str(current.serving), read_only=True) as db:
        assert db.sql("from pub_values").fetchall() == [("nps", 41.5, 12)]
    assert len(receipt["publications"]) == 2


def test_the_receipt_counts_and_names_nobody(forgotten: Forgotten) -> None:
    receipt = forgotten.receipt
    counted = {r["relation"]: (r["found"], r["changed"]) for r in receipt["relations"]}
    assert counted["warehouse: raw_toy.people"] == (1, 1)
    assert counted["warehouse: raw_toy.quarantine"] == (1, 1)
    assert counted["warehouse: contracts.ticket_events"] == (1, 1)
    assert counted["warehouse: contracts.organisations"] == (0, 0)
    assert counted["warehouse: raw_toy.notes, rows of others"] == (2, 2)
    assert receipt["yours_to_mend"] == ["inbox/[erased].csv"]
    assert not forgotten.subject.everything.are_in(json.dumps(receipt))


@pytest.mark.parametrize(
    "done",
    [pytest.param(n, marks=[] if n == 2 else pytest.mark.proof) for n in range(7)],
)
def test_broken_off_after_any_step_it_is_finished_by_resuming(current: Settings, done: int) -> None:
    begun = erasure.Erasure("r1", datetime.now(UTC).isoformat(), planted(current))
    erasure.write_intent(current, begun)
    for step in erasure.STEPS[:done]:
        step(current, CONNECTORS, begun)
    with pytest.raises(AnotherErasure):
        erasure.forget(current, CONNECTORS, begun.subject)

    receipt = erasure.resume(current, CONNECTORS)

    assert receipt
    counted = {r["relation"]: r["found"] for r in json.loads(receipt.read_text())["relations"]}
    assert counted["warehouse: raw_toy.people"] == 1
    assert places(current) == set()
    assert not erasure.intent_file(current).exists()
    assert erasure.resume(current, CONNECTORS) is None


def test_while_an_erasure_is_not_finished_nothing_is_published_and_the_doctor_says_so(
    current: Settings,
) -> None:
    begun = erasure.Erasure("r1", datetime.now(UTC).isoformat(), planted(current))
    erasure.write_intent(current, begun)
    served = publish.served(current)

    done = dg.materialize(
        [build_publication(current, {"nodes": {}})],
        instance=dg.DagsterInstance.ephemeral(),
        resources={"house": None},
        raise_on_error=False,
    )

    said = "run `ax forget --resume` first"
    [failure] = done.get_step_failure_events()
    assert said in failure.message + str(failure.event_specific_data)
    assert publish.served(current) == served
    assert said in next(doctor.erasures(current))

    erasure.resume(current, CONNECTORS)
    assert not list(doctor.erasures(current))


def test_what_the_law_wants_kept_is_held_apart_and_released_in_time(current: Settings) -> None:
    under_law = _replace(current, toy=Retention(statutory_days=365))
    receipt = forget(under_law)

    held = {h["relation"]: (h["rows"], h["until"]) for h in receipt["held_by_law"]}
    assert held["raw_toy.notes"] == (1, "2027-01-01")
    assert places(current) == set()
    assert (
        erasure.under_law(erasure.held_file(current), _known())["raw_toy.people"][0]["name"] == NAME
    )
    later = datetime(2030, 1, 1, tzinfo=UTC)
    assert erasure.retention.release(erasure.held_file(current), later)["raw_toy.notes"] == 1
    assert erasure.under_law(erasure.held_file(current), _known()) == {}


def _known() -> erasure.Subject:
    return erasure.Subject((), (), FIND.values)


def test_records_past_their_time_go_with_what_hangs_on_them_and_accounts_stay(
    current: Settings,
) -> None:
    age = datetime.now(UTC) - datetime.fromisoformat(erasable.AT)
    kept = retention.enforce(_replace(current, toy=Retention(days=age.days + 1)), CONNECTORS)
    assert kept == {}

    short = _replace(current, toy=Retention(days=age.days - 1), files=Retention(days=0))
    gone = retention.enforce(short, CONNECTORS)

    assert gone.pop(f"inbox/{NAME}.csv") == 1
    assert gone == {"raw_toy.notes": 2, "raw_toy.replies": 2}
    assert rows(current, "select count(*) from raw_toy.people") == [(2,)]
    assert list(current.inbox.iterdir()) == []


def _replace(current: Settings, **kept: Retention) -> Settings:
    return replace(current, retention=kept)


def test_all_that_is_held_is_disclosed(current: Settings) -> None:
    told = erasure.disclose(current, CONNECTORS, planted(current))

    assert [row["name"] for row in told["rows"]["raw_toy.people"]] == [NAME]
    assert [row["id"] for row in told["rows"]["raw_toy.replies"]] == ["r1"]
    assert {"raw_toy.people", "raw_toy.quarantine", "identity.persons"} <= told["rows"].keys()
    assert any(place["file"].startswith("quarantine/") for place in told["named_in"])


def test_who_is_nobody_is_not_forgotten(current: Settings) -> None:
    stranger = erasure.Subject((), (), frozenset(values_of("email", ["nobody@mail.example"])))
    with pytest.raises(NobodyFound):
        erasure.forget(current, CONNECTORS, stranger)
    assert not erasure.intent_file(current).exists()


def test_without_their_key_tombstones_stop_a_load(current: Settings) -> None:
    forget(current)
    (current.keys / "erasure.key").unlink()
    with pytest.raises(LostKey):
        read_all(current)


def test_what_somebody_else_holds_too_is_left_to_them(tmp_path: Path) -> None:
    shared = {**EVERYTHING["people"][1], "email": PLANTED}
    current = house(tmp_path / "data")
    read_all(current, {**EVERYTHING, "people": [EVERYTHING["people"][0], shared]})
    texts = Values(frozenset(values_of("email", [PLANTED])))
    assert texts.redact(f"to j{PLANTED}, {PLANTED}.") == f"to j{PLANTED}, [erased]."
