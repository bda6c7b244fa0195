"""`ax run --profile`: what it says of where the time went is whole, and nothing lies outside."""

import itertools
import json
from collections import defaultdict
from typing import Any

import pytest

from tests.whole_house.conftest import House

BUILT_BY_DBT = {"contracts", "marts"}


@pytest.fixture(scope="module")
def lanes(built: House) -> dict[str, list[dict[str, Any]]]:
    """The spans of the built house's first run, by lane and in the order in which they began."""
    [file] = (built.data / "logs").glob("trace-*.json")
    events = json.loads(file.read_text())["traceEvents"]
    named = {event["tid"]: event["args"]["name"] for event in events if event["ph"] == "M"}
    found = defaultdict(list)
    for event in sorted((e for e in events if e["ph"] == "X"), key=lambda e: int(e["ts"])):
        found[named[event["tid"]]].append(event)
    return dict(found)


def test_each_stage_source_and_relation_of_the_run_is_in_it(
    built: House, lanes: dict[str, list[dict[str, Any]]]
) -> None:
    stages = [span["name"] for span in lanes["stages"]]
    assert stages[0] == "load"
    assert {*BUILT_BY_DBT, "identity", "publication", "published__site"} < {*stages}

    read = {source for (source,) in built.published("select source from pub_sources")}
    assert {lane.removeprefix("source ") for lane in lanes if lane.startswith("source ")} == read

    nodes = {span["name"] for lane in lanes if lane.startswith("dbt ") for span in lanes[lane]}
    made = built.warehouse(
        "select table_name from information_schema.tables "
        "where table_schema in ('contracts', 'intermediate', 'marts')"
    )
    assert {name for (name,) in made} - nodes == set()


def test_a_thread_does_one_thing_at_a_time_and_within_its_stage(
    lanes: dict[str, list[dict[str, Any]]],
) -> None:
    builds = [span for span in lanes["stages"] if span["name"] in BUILT_BY_DBT]
    for lane in (spans for name, spans in lanes.items() if name.startswith("dbt ")):
        assert all(one["ts"] + one["dur"] <= two["ts"] for one, two in itertools.pairwise(lane))
        for node in lane:
            assert any(
                stage["ts"] <= node["ts"] and node["ts"] + node["dur"] <= stage["ts"] + stage["dur"]
                for stage in builds
            )
