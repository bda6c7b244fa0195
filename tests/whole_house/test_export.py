"""`ax export`: what leaves with names and addresses, of whom, and what is written down of it."""

import json
import os
import pwd
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import contacts, keys
from orchestration.errors import AnotherRun
from orchestration.lock import locked
from orchestration.settings import Settings, read
from tests.whole_house.conftest import House

pytestmark = pytest.mark.slow
ROWS = "pub_touchpoints"
BARRED = {"refused", "minor", "workforce", "deleted", "test", "no_consent"}
WHY = BARRED | {contacts.NOBODY, contacts.UNKNOWN, contacts.NO_ADDRESS}


@pytest.fixture
def current(built: House, tmp_path: Path) -> Settings:
    """The built house with an audit log and exports of its own."""
    data = tmp_path / "data"
    data.mkdir()
    for part in ("warehouse", "published", "keys"):
        (data / part).symlink_to(built.data / part)
    shutil.copytree(built.data / "dbt", data / "dbt")  # parsed anew for another folder
    return read({"AX_DATA_DIR": str(data)})


@pytest.fixture
def inside(built: House) -> Callable[[str], list[Any]]:
    return built.warehouse


def rows(file: Path) -> list[dict[str, Any]]:
    return duckdb.sql(f"from '{file}'").df().to_dict("records")


def lines(current: Settings) -> list[dict[str, Any]]:
    return [json.loads(line) for line in contacts.audit_log(current).read_text().splitlines()]


def with_contacts(current: Settings, file: Path, asked: str = "survey") -> contacts.Exported:
    return contacts.export_with_contacts(current, ROWS, file, asked, "cx")


def test_without_contacts_the_published_relation_leaves_as_it_is(
    current: Settings, built: House, tmp_path: Path
) -> None:
    for name in ("t.csv", "t.parquet"):
        file = tmp_path / "out" / name
        done = contacts.export(current, ROWS, file)
        assert done.rows == len(rows(file)) == built.published(f"select count(*) from {ROWS}")[0][0]
        assert file.stat().st_mode & 0o777 == 0o600
        assert "email" not in rows(file)[0]
    assert not contacts.audit_log(current).exists()


@pytest.mark.parametrize("asked", ["survey", "marketing", "sales", "contact"])
def test_only_who_may_be_contacted_leaves_with_an_address(
    current: Settings, inside: Callable[[str], list[Any]], tmp_path: Path, asked: str
) -> None:
    file = tmp_path / "out.parquet"
    done = with_contacts(current, file, asked)

    persons = inside("select person_id from marts.dim_persons")
    ids = [person for (person,) in persons]
    person_of = dict(zip(keys.pseudonyms(current.keys, "cx", ids), ids, strict=True))
    refused = {p for (p,) in inside(
        "select distinct person_id from contracts.consents "
        "inner join identity.account_persons using (account_id) "
        f"where state <> 'granted' and purpose in ('contact', '{asked}')")}  # fmt: skip
    barred = {p for (p,) in inside(
        "select person_id from marts.dim_persons where is_minor or is_workforce")}  # fmt: skip
    told = {person_of[row["person_key"]]: row for row in rows(file)}
    addresses = {(p, email) for p, email in inside(
        "select person_id, email from contracts.person_observations "
        "inner join identity.account_persons using (account_id)")}  # fmt: skip

    assert len(rows(file)) == done.rows
    assert told.keys() & (refused | barred) == set()
    assert all((p, row["email"]) in addresses or row["phone"] for p, row in told.items())
    if asked != "marketing":
        assert told
    if asked == "survey":
        assert refused
        assert done.left_out["refused"] > 0
        assert set(done.left_out) <= WHY


def test_what_leaves_is_written_down_and_names_nobody(current: Settings, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    done = [with_contacts(current, file), with_contacts(current, file, "contact")]

    user = pwd.getpwuid(os.getuid()).pw_name
    said = [(line["user"], line["relation"], line["published_for"], line["contacted_for"],
             line["rows"], line["persons_left_out"]) for line in lines(current)]  # fmt: skip
    assert said == [(user, ROWS, "cx", asked, made.rows, made.left_out)
                    for asked, made in zip(("survey", "contact"), done, strict=True)]  # fmt: skip
    text = contacts.audit_log(current).read_text()
    personal = {row[name] for row in rows(file) for name in ("display_name", "email", "phone", "person_key")}  # fmt: skip
    assert len(personal) > 10
    assert [value for value in personal if value and str(value) in text] == []
    assert contacts.audit_log(current).stat().st_mode & 0o777 == 0o600
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_can_not_be_written_down_does_not_leave(current: Settings, tmp_path: Path) -> None:
    contacts.audit_log(current).mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        with_contacts(current, tmp_path / "out" / "contacts.csv")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "asked", "purpose", "refusal"),
    [
        ("restricted_persons", "survey", "cx", contacts.NotPublished),
        ("dim_persons", "survey", "cx", contacts.NotPublished),
        ("pub_metric_values", "survey", None, contacts.NobodyToContact),
        ("pub_workforce", "survey", "ex", contacts.NeverContacted),
        (ROWS, None, "cx", contacts.ForWhat),
        (ROWS, "raffle", "cx", contacts.ForWhat),
    ],
)
def test_the_door_stays_shut(
    current: Settings, tmp_path: Path, name: str, asked: str, purpose: str, refusal: type
) -> None:
    with pytest.raises(refusal):
        contacts.export_with_contacts(current, name, tmp_path / "out" / "x.csv", asked, purpose)
    assert not (tmp_path / "out" / "x.csv").exists()
    assert not contacts.audit_log(current).exists()


def test_the_door_waits_for_a_run_to_end(current: Settings, tmp_path: Path) -> None:
    with locked(current.data / "run.lock"), pytest.raises(AnotherRun):
        with_contacts(current, tmp_path / "x.csv")


def test_the_command_says_who_was_left_out_and_where_it_is_written_down(
    built: House, current: Settings, tmp_path: Path
) -> None:
    house = House(current.data, sources=built.sources)
    file = tmp_path / "out.csv"
    said = house.green("export", ROWS, "--to", str(file), "--with-contacts", "--for", "survey")
    assert "left out, in persons:" in said
    assert str(contacts.audit_log(current)) in said
    refused = house.ax("export", "restricted_persons", "--to", str(file))
    assert refused.returncode == 1
    assert "restricted_persons is not published" in refused.stderr
