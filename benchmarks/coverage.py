"""How often the 95 % intervals of the house hold the truth: `python -m benchmarks.coverage`.

Writes `results/coverage.json`; `docs/coverage.md` is made of it and of `results/effects.json`.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import coverage_drawn, coverage_drivers, coverage_exact

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "coverage.json"
EFFECTS = ROOT / "benchmarks" / "results" / "effects.json"
PAGE = ROOT / "docs" / "coverage.md"
SHOWN_SIZES = (10, 15, 20, 30, 50, 75, 100, 200, 500, 1000)
PARTS: dict[str, Callable[[], Any]] = {
    "wilson": coverage_exact.wilson,
    "adjusted_wald": coverage_exact.adjusted_wald,
    "adjusted_wald_edges": coverage_exact.adjusted_wald_edges,
    "bounded_means": coverage_exact.bounded_means,
    "clustered": coverage_drawn.clustered,
    "waited": coverage_drawn.waited,
    "counted": coverage_drawn.counted,
    "drivers": coverage_drivers.drivers,
}

Rows = Sequence[Mapping[str, Any]]


def measured(parts: Sequence[str] = tuple(PARTS)) -> dict[str, Any]:
    """Return the coverage of every part."""
    return {part: PARTS[part]() for part in parts}


def write(found: Mapping[str, Any]) -> None:
    """Keep what was measured, and the page that is made of it."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**before, **found}, indent=1, sort_keys=True) + "\n")
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page as the committed results give it."""
    found = json.loads(RESULTS.read_text())
    effects = json.loads(EFFECTS.read_text()) if EFFECTS.exists() else {}
    return "\n".join(
        [*_introduction(), *_exact(found), *_drawn(found), *(_effects(effects) if effects else [])]
    )


def _introduction() -> list[str]:
    return [
        "# How often the intervals hold the truth",
        "",
        "<!-- Made by `python -m benchmarks.coverage` and `python -m benchmarks.small_worlds` from"
        " benchmarks/results. -->",
        "",
        "A 95 % interval should hold the truth in 95 of 100 cases. No formula does in every case; "
        "this page says how",
        "far ours come. Everything runs through the models and macros of `dbt_project` "
        "(`benchmarks/house_sql.py` renders them",
        "as dbt does, a test compares the two); no formula is written a second time, and none was "
        "changed to reach a figure.",
        "`make proof` computes all of it and holds it against the bounds named here; the fast "
        "tests compute a sample.",
        "",
    ]


def _exact(found: Mapping[str, Any]) -> list[str]:
    wilson = [row for row in found["wilson"] if row["n"] in SHOWN_SIZES]
    worst = min(found["wilson"], key=lambda row: row["lowest"])
    return [
        "## Listed exactly",
        "",
        "Every possible outcome, weighted with its probability: no chance is drawn.",
        "",
        "### Shares (Wilson)",
        "",
        "Mean over shares from 0.01 to 0.99. Bound: mean within 0.94..0.97 for every n from 10 "
        f"to 100, and beyond at {_listed(found)}. The worst single cell of all:",
        f"n = {worst['n']} at a share of {worst['lowest_at']}, held in {worst['lowest']:.3f}.",
        "",
        *_table(
            ("n", "mean", "worst share", "held there", "best"),
            [(r["n"], r["mean"], r["lowest_at"], r["lowest"], r["highest"]) for r in wilson],
        ),
        "### Net Promoter Score (adjusted Wald)",
        "",
        "Over all pairs of promoters and detractors in steps of one percent, each class at least "
        "5 %. Bound: within 0.92..0.99 for n >= 30. The lower one holds everywhere, the upper one "
        f"is missed at n = 30 by {found['adjusted_wald'][0]['above_99']} of "
        f"{found['adjusted_wald'][0]['pairs']} pairs, with both ends near 5 %: the three answers "
        "that are added are a tenth of all there are, and the interval is wider than it need be.",
        "",
        *_table(
            ("n", "mean", "worst promoters, detractors", "held there", "best"),
            [
                (r["n"], r["mean"], _pair(r["lowest_at"]), r["lowest"], r["highest"])
                for r in found["adjusted_wald"]
            ],
        ),
        "Edges, shown and not asserted: fewer answers, or a class below 5 %.",
        "",
        *_table(
            ("n", "promoters, detractors", "held"),
            [(r["n"], _pair(r["lowest_at"]), r["lowest"]) for r in found["adjusted_wald_edges"]],
        ),
        "### Means of bounded scales (3/K added to each point)",
        "",
        "Bound: within 0.93..0.99 for n >= 20. With 10 answers of which most are the same the "
        "interval is wider than it need be.",
        "",
        *_table(
            ("points", "shape of the answers", "n", "held", "edge"),
            [
                (r["points"], r["shape"], r["n"], r["covered"], "edge" if r["is_edge"] else "")
                for r in found["bounded_means"]
            ],
        ),
    ]


def _drawn(found: Mapping[str, Any]) -> list[str]:
    heads = ("setting", "persons", "answers", "n_eff", "drawn", "held", "truth below", "above")
    return [
        "## Drawn with fixed seeds",
        "",
        "Two answers of one person are correlated by 0.3. Half of the people answer once, the "
        "others up to eight times;",
        "`n_eff` is found by the house's own linearisation. The error of a drawn figure is about "
        "0.003 for 4,000 draws, 0.007 for 1,000, 0.011 for 400.",
        "",
        "### People who answer more than once",
        "",
        "Bound: 0.93 in every setting.",
        "",
        *_table(heads, [_drawn_row(row) for row in found["clustered"]]),
        "### Quantiles of waiting times (Woodruff over Kaplan-Meier)",
        "",
        *_table(heads, [_drawn_row(row) for row in found["waited"]]),
        "### Counts a person: linearised, and drawn from its own persons (200 draws)",
        "",
        "No bound. What counts a long tail from few people is held less often than it says: the "
        "truth lies above, with the one who bought most not among those seen.",
        "",
        *_table(heads, [_drawn_row(row) for row in found["counted"]]),
        "### Key drivers (`docs/key-drivers.md`)",
        "",
        "No bound. A driver that does nothing is called clear in more than the 5 % that are meant, "
        "most of all with few persons: 'clear' for a small weight from a hundred or two hundred "
        "persons is a hint and no finding.",
        "",
        *_table(
            ("driver", "true weight", "persons", "drawn", "held", "called clear"),
            [
                (r["driver"], r["true"], r["persons"], r["times"], r["covered"], r["clear"])
                for r in found["drivers"]
            ],
        ),
    ]


def _drawn_row(row: Mapping[str, Any]) -> tuple[object, ...]:
    name = f"{row['metric']}: {row['setting']}"
    return (name, row["persons"], row["answers"], row["n_eff"], row["times"], row["covered"],
            row["too_high"], row["too_low"])  # fmt: skip


def _effects(found: Mapping[str, Any]) -> list[str]:
    heads = ("effect", "true on average", "worlds", "held", "called a change", "mean n")
    twin = found["shuffled"]
    return [
        "## The sandbox's effects, in 400 small worlds",
        "",
        f"Seeds {found['seeds'][0]} to {found['seeds'][1]}, {found['people']} people each; the "
        "process behind the scores (`docs/sandbox.md`), its answers, and the house's models, "
        "without any vendor's API. Truth is that of the world: what the process gives on average "
        "among those who answer.",
        "",
        *_table(
            heads,
            [
                (r["effect"], r["true"], r["worlds"], r["covered"], r["called"], r["answers"])
                for r in found["effects"]
            ],
        ),
        f"All together: {found['covered']:.3f} of {found['cells']} intervals hold the truth. "
        "Bound: 0.92 for each effect.",
        "",
        "**The shuffled twin.** In the same worlds each person's answers are given to the two "
        "periods at random, so that nothing changed. A change is called in "
        f"{twin['publications_with_a_change']:.3f} of {twin['publications']} publications and in "
        f"{twin['changes_called']:.3f} of {twin['tests']} tests; {twin['below_5_percent']:.3f} of "
        "the single tests have p < 0.05. Bound: 0.05 plus three standard errors, for each of "
        "the three.",
        "",
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(_text(cell) for cell in row)} |" for row in rows]
    return [*lines, ""]


def _text(cell: object) -> str:
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)


def _pair(shares: Sequence[float]) -> str:
    return ", ".join(f"{share:g}" for share in shares)


def _listed(found: Mapping[str, Any]) -> str:
    return ", ".join(str(row["n"]) for row in found["wilson"] if row["n"] > 100)


if __name__ == "__main__":
    write(measured(sys.argv[1:] or tuple(PARTS)))
