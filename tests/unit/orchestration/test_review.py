"""Reviewing and deciding at the command line, on a warehouse that knows a few people."""

import json
import sys
from typing import NamedTuple

import duckdb
import pytest

from identity import resolve
from orchestration import cli
from orchestration.commands import review
from orchestration.standing import as_of, fingerprint
from tests.unit.identity.conftest import COMPANIES, PEOPLE


@pytest.fixture
def known(current):
    """A warehouse with two people who share a mailbox with somebody nameless, and a third."""
    current.warehouse.parent.mkdir(parents=True)
    people = [
        ("crm:1", "Ana", "Ruiz", "ruiz@example.org", None),
        ("crm:2", "Luis", "Ruiz", "ruiz@example.org", None),
        ("support:3", None, None, "ruiz@example.org", None),
        ("support:4", "Ana", "Ruiz", "ana@example.org", "+4930123456"),
        ("survey:4", "Ana", "Ruiz", "ana@example.org", None),
    ]
    with duckdb.connect(str(current.warehouse)) as db:
        db.execute("create schema contracts; create schema ops")
        db.execute("create table ops.clock as select timestamptz '2026-06-30 00:00:00+00' as as_of")
        db.execute(
            "create table ops.loads (source varchar, table_name varchar, as_of timestamptz, "
            "load_number bigint, problem varchar, new bigint, changed bigint, quarantined bigint)"
        )
        db.execute(f"create table contracts.person_observations ({PEOPLE})")
        db.execute(f"create table contracts.organisations ({COMPANIES})")
        for account, first, last, email, phone in people:
            db.execute(
                "insert into contracts.person_observations "
                "(source, account_id, first_name, last_name, email, phone) "
                "values (?, ?, ?, ?, ?, ?)",
                [account.split(":")[0], account, first, last, email, phone],
            )
    resolve(current.warehouse, as_of(current))
    return current


class Said(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def ax(current, monkeypatch, capfd):
    """Run `ax identity ...` in the data folder of this test, in this process."""
    monkeypatch.setattr("orchestration.settings.settings", lambda: current)
    monkeypatch.setattr(review, "settings", lambda: current)
    monkeypatch.setenv("LOGNAME", "reviewer")

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["ax", "identity", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Said(int(ended.value.code or 0), *capfd.readouterr())

    return run


def persons(current) -> list[set[str]]:
    resolve(current.warehouse, as_of(current))
    with duckdb.connect(str(current.warehouse)) as db:
        rows = db.execute(
            "select list(account_id) from identity.account_persons group by person_id"
        ).fetchall()
    return sorted((set(names) for (names,) in rows), key=min)


def test_a_case_is_shown_with_its_evidence_and_confirming_it_makes_one_person(ax, known) -> None:
    shown = ax("review").stdout
    assert "ruiz@example.org: names disagree" in shown
    assert "Luis Ruiz" in shown
    assert "1 open cases" in shown
    number = shown.split()[0]

    before = fingerprint(known)
    said = ax("confirm", number, "--why", "they asked to be one account")
    assert said.stdout.startswith("decision 1 stands in the journal")
    assert fingerprint(known) != before
    assert {"crm:1", "crm:2", "support:3"} in persons(known)
    journal = ax("journal").stdout
    assert "they asked to be one account" in journal
    assert "reviewer" in journal

    ax("undo", "1", "--why", "they did not")
    assert {"crm:1"} in persons(known)


def test_rejecting_a_value_excludes_it(ax, known) -> None:
    number = ax("review").stdout.split()[0]
    ax("reject", number, "--why", "a family mailbox")
    persons(known)
    assert ax("review").stdout.strip() == "no case is open"


def test_bind_moves_one_account_and_leaves_the_others(ax, known) -> None:
    said = ax("bind", "survey:4", "crm:1", "--why", "she wrote so")
    assert said.returncode == 0
    assert persons(known)[0] == {"crm:1", "survey:4"}
    assert {"support:4"} in persons(known)
    assert "bind" in ax("journal").stdout


def test_show_says_what_links_and_as_whom_it_was_known(ax, known) -> None:
    shown = ax("show", "survey:4").stdout
    assert "support:4 and survey:4: email ana@example.org" in shown
    assert "survey:4 was " in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show", "crm:99"], "ax: there is no account crm:99"),
        (["merge", "crm:1", "crm:99", "--why", "x"], "ax: there is no account crm:99"),
        (["confirm", "nothing", "--why", "x"], "ax: there is no open case nothing"),
        (["undo", "7", "--why", "x"], "ax: there is no decision 7"),
        (["exclude", "email", "no@one", "--why", "x"], "ax: no account holds the email no@one"),
        (["detach", "crm:1", "--why", "x"], "ax: crm:1 is with nobody"),
    ],
)
def test_a_wrong_word_is_one_sentence_and_changes_nothing(ax, known, words, sentence) -> None:
    done = ax(*words)
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert ax("journal").stdout.strip() == "nothing was decided yet"


def test_a_case_and_a_person_are_told_to_programs_too(ax, known) -> None:
    queue = json.loads(ax("review", "--json").stdout)
    [case] = queue["cases"]
    assert queue["open"] == 1
    assert (case["about"], case["value"]) == ("email", "ruiz@example.org")
    assert [each["account_id"] for each in case["accounts"]] == ["crm:1", "crm:2", "support:3"]
    assert case["accounts"][1]["name"] == "Luis Ruiz"

    person = json.loads(ax("show", "survey:4", "--json").stdout)
    assert person["links"] == [
        {"account_id": "support:4", "other_account_id": "survey:4", "kind": "email",
         "value": "ana@example.org"}
    ]  # fmt: skip
    assert {each["person_id"] for each in person["accounts"]} == {
        former["person_id"] for former in person["history"] if former["valid_to"] is None
    }


def test_without_a_load_there_is_nobody_to_review(ax) -> None:
    done = ax("review")
    assert done.returncode == 1
    assert "`ax run` loads the sources first" in done.stderr
