"""Whatever changes between two answers, what is in raw at the end is what the vendor then holds.

Many rows share a tick, ticks straddle the pages' edges, some rows show late or out of order, the
vendor's clock is not ours and goes on while its pages are read, and a load now and then breaks
off half way.
"""

import random
from datetime import timedelta

import pytest
from faulty import Faulty
from small_worlds import AS_OF, emulator, vendors, ways_of_paging
from walk import SMALL_PAGE, Walk, constants, is_page_size, on_ticks

from ingestion.connector import discover
from ingestion.sandbox.world import World, make_world
from orchestration.declarations import declarations
from orchestration.settings import settings

TICK = timedelta(days=5)


@pytest.fixture(scope="module")
def world() -> World:
    return on_ticks(make_world(people=60), TICK)


# Their rows are readings with the moment in the key; of a record the last one counts.
READINGS = {"bamboohr", "youtube"}
# What is old is edited unseen there until everything is read again.
ONLY_WHOLE = {"discourse", "youtube"}
NEVER = timedelta(days=9999)


@pytest.fixture
def raw(query):
    """Return the living rows of a vendor's tables, as often as they are there."""

    def rows(vendor, table) -> list[str]:
        moments = [n for n in table.key if table.columns[n].type in ("timestamp", "date")]
        last = "".join(
            f" qualify {name} = max({name}) over (partition by {table.key[0]})"
            for name in moments
            if vendor in READINGS
        )
        found = query(
            f'select * exclude (_dlt_load_id) from raw_{vendor}."{table.name}" '
            f"where _deleted_reason is null{last}"
        )
        return sorted(map(repr, found))

    return lambda vendor: {t.name: rows(vendor, t) for t in discover()[vendor].tables}


@pytest.fixture
def walked(world, serve, load_from, query, raw, monkeypatch):
    """Load a vendor again and again while its clock goes on; return raw, and raw read at once."""
    monkeypatch.setenv("SOURCES__SHOPIFY__PAGE_SIZE", str(SMALL_PAGE))
    for name, value in declarations(settings()).items():
        monkeypatch.setenv(name, value)

    def walk_through(vendor, seed, days):
        for module, name in constants(vendor, is_page_size):
            monkeypatch.setattr(module, name, SMALL_PAGE)
        draws = random.Random(seed)
        walk = Walk(world, AS_OF - timedelta(days=days), AS_OF - timedelta(hours=2), TICK, draws)
        skew = timedelta(minutes=draws.choice([-15, 0, 15]))  # of our clock beside the vendor's
        breaks = iter([])
        walk.app = Faulty(
            emulator(vendor).app(walk.tables, None), 500, hits=lambda *_: next(breaks, False)
        )
        url = serve(walk)
        while walk.now < walk.until:
            walk.moves = draws.randint(0, 2)
            fails = draws.random() < 0.3
            breaks = iter([False] * draws.randint(1, 12) + [True] * 2 * fails)
            problem = load_from(vendor, url, as_of=walk.now + skew).problem
            assert fails or problem is None
            walk.go_on()
        breaks = iter([])
        assert load_from(vendor, url, as_of=AS_OF).problem is None
        in_steps = raw(vendor)
        query(f"drop schema raw_{vendor} cascade")
        assert load_from(vendor, url, as_of=AS_OF).problem is None
        assert any(in_steps.values())
        return in_steps, raw(vendor)

    return walk_through


@pytest.mark.parametrize("vendor", ways_of_paging())
def test_what_changes_while_it_is_read_is_never_lost(vendor, walked, monkeypatch) -> None:
    """Where everything is read again now and then it is not here, so that nothing heals."""
    if vendor not in ONLY_WHOLE:
        for module, name in constants(vendor, lambda name, _: name.endswith("WHOLE_EVERY")):
            monkeypatch.setattr(module, name, NEVER)

    in_steps, whole = walked(vendor, seed=1, days=15)

    lost = {name: set(whole[name]) - set(in_steps[name]) for name in whole}
    assert {name: rows for name, rows in lost.items() if rows} == {}


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(2, 7))
@pytest.mark.parametrize("vendor", vendors())
def test_in_the_end_raw_is_what_the_vendor_holds(vendor, seed, walked) -> None:
    in_steps, whole = walked(vendor, seed, days=75)

    assert in_steps == whole
