"""Mailchimp's lists through the pipeline into DuckDB: all of it, once, whatever moves meanwhile."""

from datetime import timedelta

import httpx
import mailchimp_world as mail
import pytest
from faulty import Turning
from small_worlds import AS_OF

from ingestion.connectors.mailchimp import source
from ingestion.connectors.mailchimp.emulator import ERROR_BODIES, app
from ingestion.connectors.mailchimp.tables import TABLES
from ingestion.connectors.mailchimp.wire import email_id

DAY = timedelta(days=1)


@pytest.fixture
def world(serve):
    """Serve an account that a test may turn; returns how to turn it, and its URL."""

    def begin(**records):
        now = {"now": mail.tables(**records)}
        url = serve(app(lambda: now["now"], None))
        return (lambda **later: now.update(now=mail.tables(**later))), url

    return begin


def members(query) -> list[tuple[int, str | None, str | None]]:
    return query(
        "select cast('0x' || contact_id as int), status, _deleted_reason "
        "from raw_mailchimp.members order by 1"
    )


def test_the_emulator_speaks_as_the_vendor_does(world) -> None:
    _, url = world()
    ask = httpx.Client(base_url=url, auth=("any", "sandbox-us1"))
    unknown = httpx.get(f"{url}/3.0/lists", auth=("any", "other"))
    path = f"/3.0/lists/{mail.FANS}/members"
    page = ask.get(path, params={"count": 2, "offset": 3}).json()
    last = {"since_last_changed": mail.after(4).isoformat()}
    archived = ask.get(path, params={"status": "archived"}).json()

    assert (unknown.status_code, unknown.json()) == (401, ERROR_BODIES[401])
    assert ([row["web_id"] for row in page["members"]], page["total_items"]) == ([4], 4)
    assert ask.get(path, params=last).json()["members"] == []
    assert [row["web_id"] for row in archived["members"]] == [5]
    assert ask.get(path, params={"count": 1001}).json() == ERROR_BODIES[400]
    assert ask.get("/3.0/reports/nobody/email-activity").json() == ERROR_BODIES[404]


def test_raw_is_the_vendors_truth_row_for_row_and_a_second_load_changes_nothing(
    world, load_from, counts, query
) -> None:
    _, url = world()

    first, second = (counts(load_from("mailchimp", url)) for _ in range(2))

    assert first == {
        "lists": (2, 0, 0), "members": (6, 0, 0), "campaigns": (2, 0, 0), "activity": (3, 0, 0)
    }  # fmt: skip
    assert all(new == changed == 0 for new, changed, _ in second.values())
    assert query(
        """
        select list_id, email_id, email_address, first_name, status, timestamp_opt, last_changed,
            _deleted_reason
        from raw_mailchimp.members where contact_id[-1] in ('1', '5', '6') order by contact_id
        """
    ) == [
        (mail.FANS, email_id("fan1@example.org"), "Fan1@example.org", "Zoë", "subscribed",
         mail.START, mail.after(1), None),
        (mail.FANS, email_id("fan5@example.org"), "Fan5@example.org", "Zoë", "archived",
         mail.START, mail.after(5), "archived"),
        (mail.CLUB, email_id("fan6@example.org"), "Fan6@example.org", "Zoë", "pending", None,
         mail.after(6), None),
    ]  # fmt: skip
    assert query("select * exclude (_content_hash, _deleted_reason, _dlt_load_id) "
                 "from raw_mailchimp.activity order by timestamp") == [
        ("c1", email_id("fan2@example.org"), "bounce", "hard", mail.after(1)),
        ("c1", email_id("fan1@example.org"), "open", None, mail.after(5)),
        ("c1", email_id("fan1@example.org"), "click", None, mail.after(6)),
    ]  # fmt: skip
    assert query("select id, list_id, title, emails_sent from raw_mailchimp.campaigns") == [
        ("c1", mail.FANS, "Fan news 1", 5), ("c2", mail.CLUB, "Fan news 2", 5)
    ]  # fmt: skip
    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_mailchimp.{table.name}")}
        assert landed == {*table.columns, *house}


def test_what_changes_shows_late_or_gets_another_address_arrives(world, load_from, query) -> None:
    at = AS_OF - timedelta(minutes=5)
    turn, url = world(
        subscribers=[mail.subscriber(1), mail.subscriber(2, at)], campaign_activity=[]
    )
    load_from("mailchimp", url)
    turn(
        subscribers=[
            mail.subscriber(1, at, email="new@example.org"),
            mail.subscriber(2, at, status="unsubscribed"),
            mail.subscriber(3, at),
            mail.subscriber(4, AS_OF - timedelta(minutes=55)),
        ],
        campaigns=[mail.campaign(1), mail.campaign(3, AS_OF + timedelta(hours=1))],
        campaign_activity=[
            mail.did(1, 1, "open", AS_OF - timedelta(hours=20)),
            mail.did(2, 2, "click", AS_OF + timedelta(hours=2), campaign_id="c3"),
        ],
    )
    load_from("mailchimp", url, as_of=AS_OF + DAY)

    assert members(query) == [
        (1, "subscribed", None), (2, "unsubscribed", None), (3, "subscribed", None),
        (4, "subscribed", None),
    ]  # fmt: skip
    assert query("select email_id from raw_mailchimp.members where contact_id[-1] = '1'") == [
        (email_id("new@example.org"),)
    ]
    assert query("select campaign_id, action from raw_mailchimp.activity order by 1") == [
        ("c1", "open"), ("c3", "click")
    ]  # fmt: skip


def test_who_is_deleted_for_good_is_erased_once_everything_is_read_again(
    world, load_from, query
) -> None:
    subscribers = [mail.subscriber(n) for n in (1, 2, 3)]
    turn, url = world(subscribers=subscribers)
    load_from("mailchimp", url)
    archived = mail.subscriber(2, AS_OF + timedelta(hours=1), status="archived")
    turn(subscribers=[subscribers[0], archived])
    load_from("mailchimp", url, as_of=AS_OF + DAY)
    meanwhile = members(query)
    load_from("mailchimp", url, as_of=AS_OF + 7 * DAY)
    swept = members(query)
    back = AS_OF + 7 * DAY + timedelta(hours=1)
    turn(subscribers=[subscribers[0], mail.subscriber(2, back)])
    load_from("mailchimp", url, as_of=AS_OF + 8 * DAY)
    returned = members(query)
    turn(subscribers=[subscribers[0], mail.subscriber(2, AS_OF + 9 * DAY, status="archived")])
    load_from("mailchimp", url, as_of=AS_OF + 10 * DAY)
    turn(subscribers=[subscribers[0]])
    load_from("mailchimp", url, as_of=AS_OF + 15 * DAY)

    assert meanwhile[1:] == [(2, "archived", "archived"), (3, "subscribed", None)]
    assert swept[1:] == [(2, "archived", "archived"), (3, None, "gone")]
    assert query("select email_address, email_id from raw_mailchimp.members "
                 "where _deleted_reason = 'gone'") == [(None, None)] * 2  # fmt: skip
    assert returned[1] == (2, "subscribed", None)
    assert members(query)[1] == (2, None, "gone")  # archived at first, then deleted for good


@pytest.mark.parametrize("how", ["changes", "is deleted"])
def test_who_changes_or_goes_between_pages_hides_no_other(
    how, serve, load_from, query, monkeypatch
) -> None:
    monkeypatch.setattr(source, "PAGE", 2)
    # Many in one second, over the edges of pages.
    before = [mail.subscriber(n, mail.after(1)) for n in range(1, 8)]
    gone = [mail.subscriber(1, AS_OF)] if how == "changes" else []
    now = {"now": mail.tables(subscribers=before)}
    after = mail.tables(subscribers=[*gone, *before[1:]])
    emulated = app(lambda: now["now"], None)
    url = serve(Turning(emulated, f"{mail.FANS}/members", 1, lambda: now.update(now=after)))

    assert load_from("mailchimp", url).problem is None
    assert [id_ for id_, *_ in members(query)] == list(range(1, 8))
