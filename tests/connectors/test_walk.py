"""Whatever changes between two answers, what is in raw at the end is what the vendor then holds.

Many rows share a tick, ticks straddle the pages' edges, some rows show late or out of order, the
vendor's clock is not ours and goes on while its pages are read, and a load now and then breaks
off half way.
"""

import random
from datetime import timedelta

import pytest
from faulty import Faulty
from small_worlds import AS_OF, emulator, vendors
from walk import SMALL_PAGE, Walk, on_ticks, page_sizes

from ingestion.connector import discover
from ingestion.sandbox.world import World, make_world
from orchestration.declarations import declarations
from orchestration.settings import settings

TICK = timedelta(days=5)


@pytest.fixture(scope="module")
def world() -> World:
    return on_ticks(make_world(people=60), TICK)


@pytest.fixture
def raw(query):
    """Return the living rows of a vendor's tables, as often as they are there."""

    def rows(vendor, table) -> list[str]:
        # Where the moment of a change is part of the key, every reading is kept: the last one counts.
        moments = [n for n in table.key if table.columns[n].type in ("timestamp", "date")]
        last = "".join(
            f" qualify {name} = max({name}) over (partition by {table.key[0]})" for name in moments
        )
        return sorted(
            map(
                repr,
                query(
                    f'select * exclude (_dlt_load_id) from raw_{vendor}."{table.name}" '
                    f"where _deleted_reason is null{last}"
                ),
            )
        )

    return lambda vendor: {t.name: rows(vendor, t) for t in discover()[vendor].tables}


def walked(vendor, seed, days, world, serve, load_from, query, raw, monkeypatch) -> None:
    monkeypatch.setenv("SOURCES__SHOPIFY__PAGE_SIZE", str(SMALL_PAGE))
    for module, name in page_sizes(vendor):
        monkeypatch.setattr(module, name, SMALL_PAGE)
    for name, value in declarations(settings()).items():
        monkeypatch.setenv(name, value)
    draws = random.Random(seed)
    walk = Walk(world, AS_OF - timedelta(days=days), AS_OF - timedelta(hours=2), TICK, draws)
    skew = timedelta(minutes=draws.choice([-15, 0, 15]))  # of our clock beside the vendor's
    breaks = iter([])
    faulty = Faulty(
        emulator(vendor).app(walk.tables, None), 500, hits=lambda *_: next(breaks, False)
    )
    walk.app = faulty
    url = serve(walk)
    while walk.now < walk.until:
        walk.moves = draws.randint(0, 2)
        breaks = iter([False] * draws.randint(1, 12) + [True] * 2 * (draws.random() < 0.3))
        load_from(vendor, url, as_of=walk.now + skew)
        walk.go_on()
    breaks = iter([])
    assert load_from(vendor, url, as_of=AS_OF).problem is None
    in_steps = raw(vendor)

    query(f"drop schema raw_{vendor} cascade")
    assert load_from(vendor, url, as_of=AS_OF).problem is None

    assert in_steps == raw(vendor)
    assert any(in_steps.values())


@pytest.mark.parametrize("vendor", vendors())
def test_what_changes_while_it_is_read_is_in_raw_in_the_end(
    vendor, world, serve, load_from, query, raw, monkeypatch
) -> None:
    walked(vendor, 1, 15, world, serve, load_from, query, raw, monkeypatch)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(2, 7))
@pytest.mark.parametrize("vendor", vendors())
def test_on_any_walk_what_changes_is_in_raw_in_the_end(
    vendor, seed, world, serve, load_from, query, raw, monkeypatch
) -> None:
    walked(vendor, seed, 75, world, serve, load_from, query, raw, monkeypatch)
