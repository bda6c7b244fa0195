"""Reviews through the pipeline, from either vendor: all there, once, also what is edited or gone."""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from faulty import Turning
from small_worlds import emulator, world_of

from ingestion.connector import discover

LATER = datetime(2026, 7, 1, tzinfo=UTC)


class Reviews(NamedTuple):
    """How a vendor of reviews names them, their stars and their text, and what one star is."""

    vendor: str
    key: str
    stars: str
    text: str
    one: object

    def stand(self, query) -> tuple[int, int, int]:
        """Return how many reviews are in raw, how many different ones, and how many are gone."""
        counted = f"count(*), count(distinct {self.key}), count(_deleted_reason)"
        ((*counts,),) = query(f"select {counted} from raw_{self.vendor}.reviews")
        return tuple(counts)


VENDORS = [
    Reviews("app_store", "id", "rating", "body", 1),
    Reviews("google_business", "name", "star_rating", "comment", "ONE"),
]


@pytest.fixture(params=VENDORS, ids=[each.vendor for each in VENDORS])
def reviews(request):
    return request.param


def test_reviews_land_once_and_what_was_edited_or_is_gone_is_noticed(
    reviews, serve, load_from, counts, query
) -> None:
    vendor, key, stars, text, one = reviews
    made = world_of(vendor)
    world = {"now": made.tables()}
    url = serve(emulator(vendor).app(lambda: world["now"], None))

    first, second = (counts(load_from(vendor, url)) for _ in range(2))
    whole = reviews.stand(query)
    edited = made.review(1, value=0, content="Doch nicht")
    world["now"] = made.tables([edited, *(made.review(n) for n in range(3, made.MANY + 1))])
    load_from(vendor, url, as_of=LATER)

    assert first == {"reviews": (made.MANY, 0, 0)}
    assert second["reviews"][:2] == (0, 0)
    assert whole == (made.MANY, made.MANY, 0)
    assert reviews.stand(query) == (made.MANY, made.MANY, 1)
    assert query(
        f"select {stars}, {text}, _deleted_reason from raw_{vendor}.reviews "
        f"where cast(regexp_extract({key}, '\\d+$') as int) <= 2 order by {key}"
    ) == [(one, "Doch nicht", None), (None, None, "gone")]
    (table,) = discover()[vendor].tables
    columns = {name for name, *_ in query(f"describe raw_{vendor}.reviews")}
    assert columns == {*table.columns, "_content_hash", "_deleted_reason", "_dlt_load_id"}


def test_one_that_is_deleted_between_pages_hides_no_other(reviews, serve, load_from, query) -> None:
    made = world_of(reviews.vendor)
    world = {"now": made.tables()}
    fewer = made.tables([made.review(n) for n in range(1, made.MANY)])
    app = emulator(reviews.vendor).app(lambda: world["now"], None)
    url = serve(Turning(app, "eviews", 1, lambda: world.update(now=fewer)))
    load_from(reviews.vendor, url)

    assert reviews.stand(query) == (made.MANY, made.MANY, 0)
