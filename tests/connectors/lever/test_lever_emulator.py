"""The emulator answers as Lever does: pages by token, times in milliseconds, what is gone apart."""

from datetime import datetime
from urllib.parse import unquote

import lever_world as pipeline
import pytest
from starlette.testclient import TestClient

from ingestion.connectors.lever.emulator import ERROR_BODIES, app


def client_of(auth=("sandbox", ""), **records) -> TestClient:
    world = pipeline.tables(**records)
    client = TestClient(app(lambda: world, None))
    client.auth = auth
    return client


def ids(answer) -> list[str]:
    return [row["id"] for row in answer.json()["data"]]


@pytest.mark.parametrize("auth", [None, ("other", ""), ("sandbox", "word")])
def test_a_wrong_key_gets_the_vendors_error_body(auth) -> None:
    answer = client_of(auth).get("/v1/opportunities")

    assert (answer.status_code, answer.json()) == (401, ERROR_BODIES[401])


def test_a_token_goes_on_as_it_came_and_decoded_once_and_not_forged() -> None:
    # All of one millisecond, but for what tells records apart.
    made = [pipeline.application(1000 * n, created_at=pipeline.after(1)) for n in range(1, 6)]
    people = [pipeline.candidate(1000 * n) for n in range(1, 6)]
    client = client_of(applications=made, candidates=people)
    whole = client.get("/v1/opportunities").json()
    first = client.get("/v1/opportunities", params={"limit": 2})
    token = first.json()["next"]
    rest = {
        sent: client.get("/v1/opportunities", params={"limit": 3, "offset": sent})
        for sent in (token, unquote(token))
    }

    assert token.startswith("%5B3%2C")
    assert first.json()["hasNext"] is True
    assert len({row["createdAt"] for row in whole["data"]}) == 1
    for answer in rest.values():
        assert ids(first) + ids(answer) == [row["id"] for row in whole["data"]]
        assert (answer.json()["hasNext"], "next" in answer.json()) == (False, False)
    for wrong in ({"offset": "xyz"}, {"offset": "[4,1,2]"}, {"limit": 101}):
        assert client.get("/v1/opportunities", params=wrong).status_code == 400


def test_windows_are_inclusive_and_leave_out_what_never_changed_since_changes_are_dated() -> None:
    old = datetime.fromisoformat("2022-05-01T00:00:00+00:00")
    ancient = pipeline.application(7, old, candidate_id=4, created_at=old)
    person = pipeline.candidate(4, old)
    client = client_of(applications=[pipeline.application(1), ancient],
                       candidates=[pipeline.candidate(1), person])  # fmt: skip
    dates = {row["id"]: row["updatedAt"] for row in client.get("/v1/opportunities").json()["data"]}
    one, seven = (pipeline.uid("opportunity", number) for number in (1, 7))
    found = {
        shift: ids(client.get("/v1/opportunities", params={"updated_at_start": dates[one] + shift}))
        for shift in (-1, 0, 1)
    }

    assert dates[seven] is None
    assert found == {-1: [one], 0: [one], 1: []}


def test_what_is_deleted_is_in_a_list_of_its_own() -> None:
    client = client_of(
        applications=[pipeline.application(1, deleted_at=pipeline.after(60))],
        job_offers=[pipeline.offer(1)],
    )
    one = pipeline.uid("opportunity", 1)
    [gone] = client.get("/v1/opportunities/deleted").json()["data"]
    later = {"deleted_at_start": gone["deletedAt"] + 1}

    assert gone["id"] == one
    assert ids(client.get("/v1/opportunities")) == []
    assert ids(client.get("/v1/opportunities/deleted", params=later)) == []
    answer = client.get(f"/v1/opportunities/{one}/offers")
    assert (answer.status_code, answer.json()) == (404, ERROR_BODIES[404])
