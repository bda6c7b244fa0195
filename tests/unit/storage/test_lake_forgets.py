"""Who is forgotten stands in no file of a lake, of no former state, and not in its catalog."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.postgres_server import Server
from orchestration import erasure
from privacy.search import search
from storage import Lake, opened
from tests.lakes import in_catalog
from tests.unit.privacy.erasable import EVERYTHING, FIND, PLANTED, build, house, planted, toy

pytestmark = pytest.mark.slow
CONNECTORS = {"toy": toy(EVERYTHING)}


def test_who_is_forgotten_stands_nowhere_in_the_lake(
    lake: Lake, server: Server, tmp_path: Path
) -> None:
    current = build(replace(house(tmp_path / "data"), lake=lake))
    subject = planted(current)
    files = Path(lake.files)
    assert {hit.file.parent.name for hit in search(files, FIND)} >= {
        "people",
        "notes",
        "quarantine",
    }
    assert in_catalog(server, lake, PLANTED) != []
    assert [hit.relation for hit in erasure.search_left(current, subject)] != []

    receipt = json.loads(erasure.forget(current, CONNECTORS, subject).read_text())

    found = {each["relation"]: each["found"] for each in receipt["relations"]}
    assert found["warehouse: raw_toy.people"] == 1
    assert [*search(files, subject.everything)] == []
    assert in_catalog(server, lake, PLANTED) == in_catalog(server, lake, "person-0001") == []
    with opened(lake) as db:
        assert db.execute("select id from raw_toy.people").fetchall() == [("person-0002",)]
        snapshots = db.execute("from ducklake_snapshots('warehouse')").fetchall()
    assert len(snapshots) == 1
