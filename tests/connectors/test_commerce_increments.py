"""Read bit by bit or at once, a shop's system is the same in the end."""

from datetime import timedelta

import pytest
from small_worlds import AS_OF, emulator

from ingestion.connector import discover
from ingestion.sandbox.world import make_world


@pytest.mark.proof
@pytest.mark.parametrize("vendor", ["shopify", "stripe"])
def test_increments_add_up_to_what_is_read_at_once(vendor, serve, load_from, query) -> None:
    world, shown = make_world(people=300), {}
    url = serve(emulator(vendor).app(lambda: shown["now"], None))

    def landed() -> dict[str, list]:
        return {
            table.name: query(
                f"select * exclude (_dlt_load_id) from raw_{vendor}.{table.name} order by id"
            )
            for table in discover()[vendor].tables
        }

    for days in (45, 12, 11.6, 3, 0):  # a gap that events do not reach over, then increments
        at = AS_OF - timedelta(days=days)
        shown["now"] = world.at(at)
        assert load_from(vendor, url, as_of=at).problem is None
    increments = landed()
    query(f"drop schema raw_{vendor} cascade")
    assert load_from(vendor, url).problem is None

    assert increments == landed()
    assert all(increments.values())
