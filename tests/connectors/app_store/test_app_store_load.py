"""App Store through the pipeline: all there, once, also what is edited or gone."""

from datetime import UTC, datetime

from app_store_world import MANY, review, tables
from faulty import Turning

from ingestion.connectors.app_store.emulator import app
from ingestion.connectors.app_store.source import REVIEWS

LATER = datetime(2026, 7, 1, tzinfo=UTC)
RAW = "select count(*), count(distinct id), count(_deleted_reason) from raw_app_store.reviews"


def test_reviews_land_once_and_what_was_edited_or_is_gone_is_noticed(
    serve, load_from, counts, query
) -> None:
    world = {"now": tables()}
    url = serve(app(lambda: world["now"], None))

    first, second = (counts(load_from("app_store", url)) for _ in range(2))
    whole = query(RAW)
    edited = review(1, value=0, content="Doch nicht")
    world["now"] = tables([edited, *(review(n) for n in range(3, MANY + 1))])
    load_from("app_store", url, as_of=LATER)

    assert first == {"reviews": (MANY, 0, 0)}
    assert second["reviews"][:2] == (0, 0)
    assert whole == [(MANY, MANY, 0)]
    assert query(RAW) == [(MANY, MANY, 1)]
    assert query(
        "select rating, body, _deleted_reason "
        "from raw_app_store.reviews where cast(regexp_extract(id, '\\d+$') as int) <= 2 "
        "order by id"
    ) == [(1, "Doch nicht", None), (None, None, "gone")]
    columns = {name for name, *_ in query("describe raw_app_store.reviews")}
    assert columns == {*REVIEWS.columns, "_content_hash", "_deleted_reason", "_dlt_load_id"}


def test_one_that_is_deleted_between_pages_hides_no_other(serve, load_from, query) -> None:
    world = {"now": tables()}
    fewer = tables([review(n) for n in range(1, MANY)])
    url = serve(
        Turning(app(lambda: world["now"], None), "eviews", 1, lambda: world.update(now=fewer))
    )
    load_from("app_store", url)

    assert query(RAW) == [(MANY, MANY, 0)]
