"""Whoever adds and subtracts what is published finds no group too small and no single answer."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attacks
import pytest
from attack import Answer, Shown, groups_told
from attacks import (
    Leak,
    Row,
    answers_of,
    figures_of,
    hidden_months,
    key_of,
    leaks,
    of_one_calendar,
    of_two,
    of_weeks,
    told_by,
)
from organisations import WAVES, Bench, Organisation, compiled, later, seen

SAMPLE, MANY = 20, 500
FINAL = ("ok", "low_n", "suppressed")


@pytest.fixture(scope="module")
def new_bench(built: Any) -> Iterator[Callable[[], Bench]]:
    results = (built.folder / "target" / "run_results.json").read_text(encoding="utf-8")
    made: list[Bench] = []

    def new() -> Bench:
        made.append(Bench(built, compiled(json.loads(results))))
        return made[-1]

    yield new
    for bench in made:
        bench.db.close()


@pytest.fixture(scope="module")
def bench(new_bench: Callable[[], Bench]) -> Bench:
    return new_bench()


@pytest.fixture(scope="module")
def organisations() -> list[Organisation]:
    return [Organisation(number) for number in range(SAMPLE)]


@pytest.fixture(scope="module")
def first(bench: Bench, organisations: list[Organisation]) -> list[Row]:
    """What the organisations publish, and in `bench` what they observed."""
    bench.register([one.registered() for one in organisations])
    return bench.publish(seen(organisations), WAVES)


def least_of(organisations: list[Organisation]) -> dict[str, int]:
    rows = [one.registered() for one in organisations]
    return {r["audience"]: max(r["minimum_group"], 10 if r["is_minor"] else 5) for r in rows}


def found(
    rows: list[Row],
    observed: list[Row],
    least: dict[str, int],
    may: Callable[[Row], bool],
    is_hasty: bool = False,
) -> list[Leak]:
    figures = figures_of(filter(may, rows))
    return list(leaks(figures, answers_of(observed), least, is_hasty, hidden_months(rows)))


def small_alone(bench: Bench, least: dict[str, int]) -> list[Row]:
    """Return the cells that would be shown if only those were hidden that are small themselves."""
    rows = bench.rows(
        "select * from warehouse.intermediate.int_metric_estimates "
        "where not regexp_matches(segment, '=(;|$)') and period_kind <> 'preceding_90'"
    )
    rows = [row | {"status": "ok"} for row in rows]
    return [row for row in rows if row["persons"] >= least[row["audience"]]]


def test_no_small_group_is_told(
    bench: Bench, organisations: list[Organisation], first: list[Row]
) -> None:
    least, observed = least_of(organisations), bench.rows(attacks.OBSERVED)
    for may in (of_one_calendar, of_weeks):
        told = found(first, observed, least, may)
        assert not told, (len(told), told[:3])


def test_the_attack_bites_where_only_the_small_are_hidden(
    bench: Bench, organisations: list[Organisation], first: list[Row]
) -> None:
    least, observed = least_of(organisations), bench.rows(attacks.OBSERVED)
    told = found(small_alone(bench, least), observed, least, of_one_calendar, is_hasty=True)
    assert len({leak.audience for leak in told}) > SAMPLE / 2
    assert len(told) > 10 * SAMPLE


@pytest.mark.proof
def test_no_small_group_is_told_of_five_hundred_organisations(
    new_bench: Callable[[], Bench], tmp_path: Path, kept: Callable[..., None]
) -> None:
    """A few at a time, so that what is observed stays in memory."""
    told: Counter[str] = Counter()
    for start in range(0, MANY, 50):
        some = [Organisation(number) for number in range(start, start + 50)]
        bench, least = new_bench(), least_of(some)
        bench.register([one.registered() for one in some])
        events = seen(some)
        rows = bench.publish(events, WAVES)
        observed = bench.rows(attacks.OBSERVED)
        alone = small_alone(bench, least)
        told["shown"] += sum(row["n"] is not None for row in rows)
        told["shown_where_only_the_small_are_hidden"] += len(alone)
        told["told_where_only_the_small_are_hidden"] += len(
            found(alone, observed, least, of_one_calendar, is_hasty=True)
        )
        for may in (of_one_calendar, of_weeks):
            for leak in found(rows, observed, least, may):
                told["of_answers" if leak.metric in attacks.ANSWERS else "of_operations"] += 1
        bench.serve(tmp_path)
        again = bench.publish(later(events, start), WAVES)
        two = of_two(rows, again, [observed, bench.rows(attacks.OBSERVED)])
        told["told_by_two_publications"] += len(list(leaks(*two, least)))
    counted = {name: told[name] for name in ("of_answers", "of_operations")}
    kept(f"attack on {MANY} organisations", **{**counted, **told})
    assert not any(counted.values())
    assert told["told_by_two_publications"] == 0
    assert told["told_where_only_the_small_are_hidden"] > MANY


def protected(rows: list[Row]) -> dict[Any, Any]:
    return {key_of(r): told_by(r) for r in rows if r["is_protected"] and r["status"] in FINAL}


def test_a_wave_stays_as_it_was_told(
    new_bench: Callable[[], Bench], organisations: list[Organisation], tmp_path: Path
) -> None:
    """People are erased, others answer late, and the registry asks for fewer than it did."""
    bench, least = new_bench(), least_of(organisations)
    bench.register([one.registered() for one in organisations])
    events = seen(organisations)
    before = bench.publish(events, WAVES)
    observed = [bench.rows(attacks.OBSERVED)]
    bench.serve(tmp_path)

    lower = [one.registered() | {"minimum_group": 5, "is_minor": False} for one in organisations]
    bench.register(lower)
    after = bench.publish(later(events, 1), WAVES)
    observed.append(bench.rows(attacks.OBSERVED))
    assert len(protected(before)) > 20
    assert protected(after).items() >= protected(before).items()
    assert not list(leaks(*of_two(before, after, observed), least))

    bench.db.execute("delete from warehouse.ops.published_once")
    forgotten = bench.publish(later(events, 1), WAVES)
    assert list(leaks(*of_two(before, forgotten, observed), least))


def test_a_wave_keeps_the_minimum_group_it_opened_with(new_bench: Callable[[], Bench]) -> None:
    bench, one = new_bench(), Organisation(0)
    opened, closes = WAVES[2], date(2026, 12, 31)
    promised = one.registered() | {"minimum_group": 8}
    answers = [
        one.row("answer", "enps", n, n, 2 * n, opened)
        | {"scale_min": 0.0, "scale_max": 10.0, "is_protected": True}
        | {"wave_opened_on": opened, "wave_closed_on": closes, "dimensions": "{}"}
        for n in range(6)
    ]
    bench.register([promised])
    assert bench.publish(answers, [opened]) == []

    bench.register([promised | {"minimum_group": 5}])
    closed = [row | {"wave_closed_on": opened} for row in answers]
    newer = [row | {"wave_opened_on": date(2026, 2, 2), "wave_closed_on": date(2026, 2, 9)}
             for row in answers]  # fmt: skip
    rows = bench.publish([*closed, *newer], [date(2026, 2, 2)])
    assert {(row["period_start"], row["status"]) for row in rows if row["segment"] == "all"} == {
        (opened, "suppressed"), (date(2026, 2, 2), "low_n"),
    }  # fmt: skip


def test_the_attacker_adds_and_subtracts() -> None:
    """Two months of a quarter give the third; two windows less a quarter give what is around it."""

    def day(month: int, number: int) -> date:
        return date(2025, month, number)

    def told(*periods: tuple[date, date]) -> set[str]:
        shown = [Shown("month", start, end, "all") for start, end in periods]
        months = [1, 1, 1, 2, 3, 3, 3]
        answers = [
            Answer("all", day(month, 10), None, None, False, f"p{n}", float(n))
            for n, month in enumerate(months)
        ]
        return {who for group in groups_told(shown, answers, 3) for who in group.respondents}

    quarter = day(1, 1), day(4, 1)
    assert told(quarter, (day(1, 1), day(2, 1))) == set()
    assert told(quarter, (day(1, 1), day(2, 1)), (day(3, 1), day(4, 1))) == {"p3"}
    assert told((day(1, 1), day(3, 1)), (day(2, 1), day(4, 1)), quarter) == {"p3"}
