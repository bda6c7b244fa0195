"""`ax actions`: who is listed, in which order, what leaves, that it is logged and sent once."""

import csv
import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest

from ingestion.secrets import secrets_of
from orchestration import actions, contacts
from orchestration.settings import ROOT, Settings

TOKEN = "a-bearer-that-nobody-else-has"
SCHEMA = """
create schema marts; create schema restricted;
create table marts.fct_action_queue (
    case_id varchar, person_id varchar, unit varchar, rule varchar, label varchar, family varchar,
    audience varchar, journey varchar, stage varchar, owner_role varchar, state varchar,
    is_reopened boolean, is_overdue boolean, score double, root_cause varchar,
    detected_at timestamp, due_at timestamp, position bigint
);
create table marts.fct_closed_loop_cases (case_id varchar, person_id varchar, is_open boolean);
create table marts.dim_person_contactability (
    person_id varchar, purpose varchar, may_be_contacted boolean, why_not varchar
);
create table restricted.restricted_persons (
    person_id varchar, display_name varchar, email varchar, phone varchar
);
"""
# person, unit, state, place in the queue
CASES = [
    ("answer:one", "ann", None, "assigned", 2),
    ("answer:two", "bob", None, "detected", 1),
    ("figure:x", None, "department=Service", "detected", 3),
]


@pytest.fixture
def build(current: Settings) -> Callable[..., None]:
    """Write a warehouse with a queue; `barred` persons have said no since it was built."""

    def write(cases: list[tuple[Any, ...]] = CASES, barred: dict[str, str] | None = None) -> None:
        current.warehouse.parent.mkdir(parents=True, exist_ok=True)
        current.warehouse.unlink(missing_ok=True)
        with duckdb.connect(str(current.warehouse)) as db:
            db.execute(SCHEMA)
            for case, person, unit, state, position in cases:
                db.execute(
                    "insert into marts.fct_action_queue by name select ? as case_id, ? as person_id,"
                    "? as unit, 'nps_detractor' as rule, 'Would not [bold]recommend' as label,"
                    "'customer' as audience, ? as state, false as is_reopened, 3.0 as score,"
                    "true as is_overdue, timestamp '2026-06-01 10:00' as due_at, ? as position",
                    [case, person, unit, state, position],
                )
                db.execute(
                    "insert into marts.fct_closed_loop_cases values (?, ?, true)", [case, person]
                )
            for person in ("ann", "bob", "refuser"):
                why = (barred or {}).get(person)
                db.execute(
                    "insert into marts.dim_person_contactability values (?, 'contact', ?, ?)",
                    [person, why is None, why],
                )
                db.execute(
                    "insert into restricted.restricted_persons values (?, ?, ?, null)",
                    [person, f"{person} example", f"{person}@example.org"],
                )

    return write


@pytest.fixture
def ax(current: Settings) -> Callable[..., Any]:
    def run(*words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            "PATH": "/usr/bin:/bin",
            "AX_DATA_DIR": str(current.data),
            "AX_SOURCES": "files",
            **variables,
        }
        command = [sys.executable, "-m", "orchestration", "actions", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    return run


class Receiver:
    """A web server on loopback that notes what it is sent and answers as it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.answers.pop(0) if receiver.answers else 200
                receiver.taken.append((dict(self.headers), json.loads(body)))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for headers, _ in self.taken]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def logged(current: Settings) -> list[dict[str, Any]]:
    return [json.loads(line) for line in contacts.audit_log(current).read_text().splitlines()]


def everything_written(current: Settings) -> str:
    files = [file for file in current.data.rglob("*") if file.suffix in (".jsonl", ".log", ".lock")]
    return "".join(file.read_text() for file in files)


def test_the_list_is_in_order_with_names_and_logged(ax, build, current) -> None:
    build()
    done = ax()
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if "recommend" in line]
    assert ["bob" in lines[0], "ann@example.org" in lines[1], "department=Service" in lines[2]] == [
        True
    ] * 3
    assert "Would not [bold]recommend" in lines[0]
    [line] = logged(current)
    assert (line["relation"], line["to"], line["rows"]) == ("fct_action_queue", "terminal", 3)
    assert "example.org" not in json.dumps(line)


def send(current: Settings, url: str, token: str | None = None) -> tuple[int, int]:
    asked = dataclasses.replace(current, actions_token=token)
    return actions.post(asked, actions.read(asked), url)


def rows_of(current: Settings, file: Path) -> list[dict[str, str]]:
    actions.write(current, actions.read(current), file)
    with file.open() as lines:
        return list(csv.DictReader(lines))


def test_who_said_no_since_is_left_out_and_counted(build, current, tmp_path: Path) -> None:
    build(barred={"ann": "refused", "bob": "minor"})
    [row] = rows_of(current, tmp_path / "queue.csv")
    assert (row["unit"], row["display_name"]) == ("department=Service", "")
    assert logged(current)[0]["cases_left_out"] == {"minor": 1, "refused": 1}


def test_a_file_is_its_owners_alone_and_names_no_source(build, current, tmp_path: Path) -> None:
    build()
    file = tmp_path / "queue.csv"
    emails = [row["email"] for row in rows_of(current, file)]
    assert emails == ["bob@example.org", "ann@example.org", ""]
    assert file.stat().st_mode & 0o777 == 0o600
    assert "answer:one" not in file.read_text()
    assert [line["to"] for line in logged(current)] == ["csv"]


def test_a_case_is_sent_once_a_state(build, receiver, current) -> None:
    build()
    assert send(current, receiver.url) == (3, 0)
    assert send(current, receiver.url) == (0, 3)
    assert len(set(receiver.keys())) == len(receiver.taken) == 3

    moved = [(*case[:3], "acknowledged", case[4]) if case[1] == "ann" else case for case in CASES]
    build(moved)
    assert send(current, receiver.url) == (1, 2)
    headers, body = receiver.taken[-1]
    assert (body["display_name"], body["state"]) == ("ann example", "acknowledged")
    assert {"case_id", "person_id"}.isdisjoint(body)
    assert body["case_key"] == receiver.taken[1][1]["case_key"]
    assert headers["Idempotency-Key"] not in receiver.keys()[:3]
    assert [line["rows"] for line in logged(current)] == [3, 0, 1]


def test_a_ledger_that_broke_off_sends_the_last_again_under_its_key(
    build, receiver, current
) -> None:
    build()
    send(current, receiver.url)
    ledger = current.data / "audit" / "actions.jsonl"
    ledger.write_text(ledger.read_text()[:-20])
    assert send(current, receiver.url) == (1, 2)
    assert receiver.keys()[3] == receiver.keys()[2]
    assert send(current, receiver.url) == (0, 3)


def test_a_hiccup_is_tried_again_under_the_same_key(build, receiver, current) -> None:
    build()
    receiver.answers = [503, 200]
    assert send(current, receiver.url) == (3, 0)
    assert len(receiver.taken) == 4
    assert receiver.keys()[0] == receiver.keys()[1]
    assert len(set(receiver.keys())) == 3


@pytest.mark.parametrize("status", [400, 302])
def test_what_is_not_taken_is_said_and_sent_the_next_time(
    build, receiver, current, status: int
) -> None:
    build()
    receiver.answers = [200, status]
    with pytest.raises(actions.NotTaken) as raised:
        send(current, receiver.url)
    assert f"answered {status}; 1 cases were sent, 2 were not" in str(raised.value)
    assert receiver.url not in str(raised.value)
    assert send(current, receiver.url) == (2, 1)


def test_nobody_there_is_a_sentence_without_the_address(build, current) -> None:
    build()
    with pytest.raises(actions.NotTaken, match="gave ConnectionError; 0 cases were sent"):
        send(current, "http://127.0.0.1:1/hook")


def test_the_token_is_sent_and_written_nowhere(build, receiver, current) -> None:
    build()
    send(current, receiver.url, TOKEN)
    assert receiver.taken[0][0]["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in everything_written(current)
    assert "example" not in everything_written(current)
    assert TOKEN not in repr(dataclasses.replace(current, actions_token=TOKEN))
    assert TOKEN in secrets_of({"AX_ACTIONS_TOKEN": TOKEN})


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.org/hook", "in the clear"),
        ("https://user:secret@example.org/hook", "holds a password"),
        ("example.org/hook", "is no address"),
    ],
)
def test_an_address_that_names_may_not_be_sent_to_is_refused(
    build, current, url: str, why: str
) -> None:
    build()
    with pytest.raises(actions.NotAWebhook, match=why):
        send(current, url)
    assert not contacts.audit_log(current).exists()


def test_what_can_not_be_written_down_does_not_leave(
    build, receiver, current, tmp_path: Path
) -> None:
    build()
    contacts.audit_log(current).mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        send(current, receiver.url)
    with pytest.raises(IsADirectoryError):
        rows_of(current, tmp_path / "queue.csv")
    assert receiver.taken == []
    assert not (tmp_path / "queue.csv").exists()


def test_nothing_built_nothing_owed_and_a_wrong_ending_are_said_in_a_sentence(
    ax, build, current, tmp_path: Path
) -> None:
    done = ax()
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "holds no queue yet; run `ax run`" in done.stderr
    build([])
    assert "no open case may be acted on" in ax().stdout
    with pytest.raises(actions.NotACsv):
        rows_of(current, tmp_path / "queue.txt")
    with duckdb.connect(str(current.warehouse)) as db:
        db.execute("drop table marts.fct_action_queue")
    with pytest.raises(actions.NoQueue):
        actions.read(current)
