"""The long proofs: killed anywhere, in any order, over seeds, the house comes to the same."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.proof.equality import contents
from tests.whole_house.conftest import House

pytestmark = pytest.mark.proof
VENDORS = ["bamboohr", "files", "hubspot", "qualtrics", "zendesk"]


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
def test_killed_on_the_way_the_next_run_comes_to_the_same(
    share: float, undisturbed: House, house: House, kept: Callable[..., None]
) -> None:
    started = time.monotonic()
    seconds = float(os.environ.get("AX_RUN_SECONDS") or 45)
    command = [sys.executable, "-m", "orchestration", "run"]
    run = subprocess.Popen(
        command,
        cwd=house.root,
        env=house.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds * share)
    was_running = run.poll() is None
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()

    house.green("run")

    assert contents(house.data) == contents(undisturbed.data)
    kept(
        f"killed after {share:.0%} of {seconds:.0f} s",
        was_running=was_running,
        equal=True,
        seconds=round(time.monotonic() - started),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_whatever_order_sources_arrive_the_marts_are_equal(
    seed: int, undisturbed: House, house: House, kept: Callable[..., None]
) -> None:
    order = random.Random(seed).sample(VENDORS, len(VENDORS))
    for vendor in order:
        house.green("load", vendor)
    house.green("load", order[0])
    house.green("run")

    assert contents(house.data) == contents(undisturbed.data)
    kept(f"arrival order {seed}", order=order, equal=True)


def test_raw_read_again_from_nothing_keeps_every_person(
    house: House, kept: Callable[..., None]
) -> None:
    house.green("run")
    before = contents(house.data)
    persons = set(house.warehouse("select account_id, person_id from identity.account_persons"))
    for vendor in VENDORS:
        house.warehouse(f"drop schema raw_{vendor} cascade")
    house.green("run")

    again = set(house.warehouse("select account_id, person_id from identity.account_persons"))
    assert again == persons
    assert contents(house.data) == before
    kept("raw read again from nothing", accounts=len(persons), unchanged=len(again & persons))


@pytest.mark.parametrize("seed", [11, 12, 13, 14, 15])
def test_over_seeds_the_intervals_cover_the_true_nps(
    seed: int, house: House, kept: Callable[..., None]
) -> None:
    state = house.data / "sandbox" / "state.json"
    state.write_text(json.dumps({"people": 1000, "seed": seed, "as_of": "2026-06-30T00:00:00Z"}))
    house.green("run")
    truth = true_nps(seed)
    rows = house.published(
        "select audience, period_start, low, high from pub_metric_values "
        "where metric = 'nps' and period_kind = 'quarter' and segment = 'all' "
        "and status in ('ok', 'low_n')"
    )
    held = [
        low <= truth[audience, str(start)] <= high
        for audience, start, low, high in rows
        if (audience, str(start)) in truth
    ]

    assert len(held) >= 20
    # A 95 % interval, with three standard errors of room for so few cells.
    share = sum(held) / len(held)
    assert share >= 0.95 - 3 * (0.95 * 0.05 / len(held)) ** 0.5
    kept(f"coverage of true NPS, seed {seed}", cells=len(held), covered=round(share, 3))


def true_nps(seed: int) -> dict[tuple[str, str], float]:
    from datetime import date

    from ingestion.sandbox.world import make_world

    truth = make_world(people=1000, seed=seed, until=date(2026, 6, 1)).truth["true_values"]
    quarters = truth[
        (truth.metric == "nps") & (truth.period_kind == "quarter") & (truth.segment == "all")
    ]
    return {
        (row.audience, str(row.period_start)[:10]): row.value
        for row in quarters.itertuples()
        if row.is_deepest
    }
