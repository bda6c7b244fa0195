"""Greenhouse through the pipeline: all there, once, page by page; what changes or is late arrives."""

from datetime import timedelta

import greenhouse_world as pipeline
import pytest
from small_worlds import AS_OF
from starlette.testclient import TestClient

from ingestion.connectors.greenhouse import source
from ingestion.connectors.greenhouse.emulator import ERROR_BODIES, app

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(source, "PAGE", 2)


def test_all_lands_once_and_what_changed_or_came_late_arrives(
    serve, load_from, counts, query
) -> None:
    people = [pipeline.candidate(number) for number in range(1, 6)]
    world = {"now": pipeline.tables(candidates=people)}
    url = serve(app(lambda: world["now"], None))

    first = counts(load_from("greenhouse", url))
    assert first == {"candidates": (5, 0, 0), "applications": (5, 0, 0)}

    # In the very second up to which was read, and a little before it; over a page's edge.
    changed = [pipeline.candidate(number, AS_OF, email="new@example.org") for number in (1, 2, 3)]
    late = pipeline.candidate(9, AS_OF - 50 * timedelta(minutes=1))
    world["now"] = pipeline.tables(candidates=[*changed, *people[3:], late])
    second = counts(load_from("greenhouse", url, as_of=AS_OF + DAY))

    assert second["candidates"][:2] == (1, 3)
    assert query("select email_addresses from raw_greenhouse.candidates where id = 3") == [
        ('[{"type": "personal", "value": "new@example.org"}]',)
    ]
    columns = {name for name, *_ in query("describe raw_greenhouse.candidates")}
    assert "company" not in columns


def test_a_cursor_stands_alone_and_a_token_is_asked_for_in_the_header() -> None:
    world = pipeline.tables()
    client = TestClient(app(lambda: world, None))
    grant = {"grant_type": "client_credentials"}
    assert client.post("/token", data=grant).json() == ERROR_BODIES[401]
    granted = client.post("/token", data=grant, auth=("sandbox", "sandbox")).json()
    assert granted.keys() == {"access_token", "expires_at"}
    client.headers["Authorization"] = f"Bearer {granted['access_token']}"

    first = client.get("/candidates", params={"per_page": 3})
    following = first.links["next"]["url"]
    assert [row["id"] for row in first.json() + client.get(following).json()] == [1, 2, 3, 4]
    assert client.get(f"{following}&per_page=3").status_code == 400
