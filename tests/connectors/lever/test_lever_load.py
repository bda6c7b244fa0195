"""Lever through the pipeline: each application with its stages and offers, and what is forgotten."""

from datetime import timedelta

import lever_world as pipeline
import pytest
from faulty import Faulty, Rewritten, Turning
from lever_world import after, uid
from small_worlds import AS_OF

from ingestion.connectors.lever import source
from ingestion.connectors.lever.emulator import app
from ingestion.connectors.lever.tables import TABLES

HOUR, DAY, MILLISECOND = timedelta(hours=1), timedelta(days=1), timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(source, "PAGE", 2)


class Spied:
    """Serve `app` and note the path and the status of each answer."""

    def __init__(self, app) -> None:
        self.app = app
        self.seen: list[tuple[str, int]] = []

    async def __call__(self, scope, receive, send) -> None:
        async def noted(message) -> None:
            if message["type"] == "http.response.start":
                self.seen.append((scope["path"], message["status"]))
            await send(message)

        await self.app(scope, receive, noted)

    def offers_asked(self) -> list[tuple[str, int]]:
        return [(path, status) for path, status in self.seen if path.endswith("/offers")]


def opportunities(query, columns: str) -> dict[int, list]:
    found = query(f"select id, {columns} from raw_lever.opportunities")
    number = {uid("opportunity", n): n for n in [*range(10), *range(1000, 10_000, 1000)]}
    return {number[id_]: values for id_, *values in found}


def test_raw_is_the_vendors_truth_and_an_unsettled_offer_is_looked_at_again(
    serve, load_from, counts, query
) -> None:
    sent = pipeline.offer(3, "sent", sent_at=after(330))
    signed = pipeline.offer(1, "signed", sent_at=after(320), signed_at=after(600))
    draft = pipeline.offer(8) | {"application_id": 3}
    # One that is over, whatever its offer says.
    refused = pipeline.offer(2, "sent", sent_at=after(400))
    world = {"now": pipeline.tables(job_offers=[signed, refused, sent, draft])}
    emulator = Spied(app(lambda: world["now"], None))
    url, three = serve(emulator), uid("opportunity", 3)

    first = counts(load_from("lever", url))
    assert first == {
        "stages": (5, 0, 0),
        "archive_reasons": (5, 0, 0),
        "opportunities": (5, 0, 0),
        "offers": (4, 0, 0),
    }
    assert len(emulator.offers_asked()) == 5
    assert opportunities(query, "contact_id, name, emails, phones, stage_id, archived_at")[1] == [
        uid("contact", 1), "Zoë Łukasz", '["c1@example.org"]', '["+4930123456"]', "offer",
        after(900) + MILLISECOND,
    ]  # fmt: skip
    entered = [int((after(at) + MILLISECOND).timestamp() * 1000) for at in (1, 60, 120, 240)]
    moves = 'from_json(stage_changes, \'[{"entered_at":"BIGINT"}]\')'
    assert opportunities(query, f"list_transform({moves}, lambda move: move.entered_at)")[1] == [
        entered
    ]
    assert query("select opportunity_id, signed_at from raw_lever.offers "
                 "where status = 'signed'") == [
        (uid("opportunity", 1), after(600) + MILLISECOND)
    ]  # fmt: skip
    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        columns = {name for name, *_ in query(f"describe raw_lever.{table.name}")}
        assert columns == {*table.columns, *house}
        landed = str(query(f"select cast({table.name} as varchar) from raw_lever.{table.name}"))
        hidden = ("denied", "90000", uid("user", "denied"))
        assert [word for word in hidden if word in landed.lower()] == []

    # Nothing changes but the offers of one, and nobody says so.
    later = pipeline.offer(3, "signed", sent_at=after(330), signed_at=AS_OF)
    world["now"] = pipeline.tables(job_offers=[signed, refused, later])
    emulator.seen.clear()
    second = counts(load_from("lever", url, as_of=AS_OF + DAY))

    assert emulator.offers_asked() == [(f"/v1/opportunities/{three}/offers", 200)]
    assert {table: row[:2] for table, row in second.items() if row[:2] != (0, 0)} == {
        "offers": (0, 2)
    }
    assert query("select status, _deleted_reason from raw_lever.offers "
                 f"where opportunity_id = '{three}' order by 1") == [
        ("draft", "removed"),
        ("signed", None),
    ]  # fmt: skip


def test_what_is_late_of_one_tick_undated_deleted_or_forgotten_arrives(
    serve, load_from, query
) -> None:
    """The seventh is deleted, and the first moves, while the second run reads."""
    old, late = AS_OF - 1500 * DAY, AS_OF - timedelta(minutes=50)
    people = [pipeline.candidate(1000 * n) for n in range(1, 8)]
    people[5] = pipeline.candidate(6000, old)
    made = [pipeline.application(1000 * n, after(n)) for n in range(1, 8)]
    made[5] = pipeline.application(6000, old, created_at=old)
    rest = {"application_stages": [], "job_offers": []}

    def touched(row, at=AS_OF, **other):
        return row | {"updated_at": at, "visible_from": at, **other}

    world = {"now": pipeline.tables(candidates=people, applications=made, **rest)}
    load_from("lever", serve(app(lambda: world["now"], None)))
    assert opportunities(query, "updated_at, archived_at")[6000] == [None, None]

    people[3] = touched(people[3], anonymized_at=AS_OF, email=None, phone=None)
    moved = [touched(row, stage="phone") for row in made[:5]]
    moved[2] = touched(made[2], late, stage="phone")
    moved += [touched(made[5], reason="withdrew", decided_at=AS_OF), touched(made[6])]
    world["now"] = pipeline.tables(candidates=people, applications=moved, **rest)
    during = AS_OF + 2 * HOUR
    moved[0] = touched(moved[0], during, stage="on_site")
    moved[6] = moved[6] | {"deleted_at": during}
    turned = pipeline.tables(candidates=people, applications=moved, **rest)
    emulator = Turning(
        Spied(app(lambda: world["now"], None)), "/opportunities", 2,
        lambda: world.update(now=turned),
    )  # fmt: skip
    assert load_from("lever", serve(emulator), as_of=AS_OF + HOUR).problem is None

    seen = emulator.app.seen
    assert (f"/v1/opportunities/{uid('opportunity', 7000)}/offers", 404) in seen
    found = opportunities(query, "_deleted_reason, name, emails, phones, contact_id, stage_id")
    assert found[7000] == ["deleted", None, None, None, uid("contact", 7000), None]
    phone = found[2000][-1]
    assert phone != "applicant-new"
    assert [found[number][-1] for number in (3000, 4000, 5000)] == [phone] * 3
    assert found[4000][:5] == [None, None, None, None, uid("contact", 4000)]
    assert found[3000][1] == "Zoë Łukasz"
    assert opportunities(query, "is_anonymized")[4000] == [True]
    assert opportunities(query, "archived_at is not null")[6000] == [True]

    moved[5] = touched(made[5], AS_OF + DAY)  # reopened
    world["now"] = pipeline.tables(candidates=people, applications=moved, **rest)
    assert load_from("lever", serve(emulator), as_of=AS_OF + DAY).problem is None

    found = opportunities(query, "stage_id, archive_reason_id, archived_at, _deleted_reason")
    assert found[6000] == ["applicant-new", None, None, None]
    assert found[1000][0] not in ("applicant-new", phone)
    assert found[7000][-1] == "deleted"


def test_a_token_is_a_token_and_no_address(serve, load_from) -> None:
    world = pipeline.tables()
    foreign = Faulty(app(lambda: world, None), 200)
    elsewhere = serve(foreign)
    lured = Rewritten(
        app(lambda: world, None),
        lambda body: body | ({"next": f"{elsewhere}/steal"} if body.get("next") else {}),
    )

    assert "refused the request as malformed (400)" in load_from("lever", serve(lured)).problem
    assert foreign.requests == 0
