"""Published files for the tests of the page, with the columns that the models' YAML promises."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

DBT = Path(__file__).parents[1] / "dbt_project"
AS_OF = datetime(2026, 6, 30)
QUARTER, BEFORE, AFTER = date(2026, 1, 1), date(2025, 10, 1), date(2026, 4, 1)

Rows = Iterable[Mapping[str, Any]]


@cache
def promised() -> dict[str, dict[str, str]]:
    """Return the columns and types of every published model, as its YAML has them."""
    files = sorted((DBT / "models" / "published").glob("pub_*.yml"))
    models = [model for file in files for model in yaml.safe_load(file.read_text())["models"]]
    return {
        model["name"]: {column["name"]: column["data_type"] for column in model["columns"]}
        for model in models
    }


def publish(file: Path, **tables: Rows) -> Path:
    """Write a published file; tables are named without `pub_`, what is not given is empty."""
    with duckdb.connect(str(file)) as db:
        db.begin()
        for model, columns in promised().items():
            spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            db.execute(f"create table {model} ({spelled})")
            insert(db, model, tables.pop(model.removeprefix("pub_"), ()))
        db.commit()
    assert not tables, f"no published model is called {sorted(tables)}"
    return file


def insert(db: duckdb.DuckDBPyConnection, model: str, rows: Rows) -> None:
    given = list(rows)
    keys = dict.fromkeys(key for row in given for key in row)
    if keys:
        db.register("given", pa.table({key: [row.get(key) for row in given] for key in keys}))
        db.execute(f"insert into {model} by name select * from given")


def registry(seed: str) -> list[dict[str, Any]]:
    """Return the rows of a registry that ships, in the columns that are published."""
    columns = promised()[f"pub_{seed}"]
    with (DBT / "seeds" / f"{seed}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [{key: row[key] or None for key in row if key in columns} for row in rows]


def metrics(*keys: str) -> list[dict[str, Any]]:
    """Return the metrics that ship, or some of them."""
    return [row for row in registry("metrics") if not keys or row["metric"] in keys]


def audience(key: str, rank: int, **more: Any) -> dict[str, Any]:
    """Return an audience that has an owner and a journey, unless said otherwise."""
    plain = {
        "audience": key,
        "label": key.replace("_", " ").capitalize(),
        "family": "customer",
        "rank": rank,
        "owner_role": "Head of Everything",
        "journey": "customer",
    }
    return plain | more


def measured(who: str, metric: str, value: float | None, **more: Any) -> dict[str, Any]:
    """Return a metric value of the latest closed quarter, sure unless said otherwise."""
    plain = {
        "audience": who,
        "metric": metric,
        "definition_version": 1,
        "period_kind": "quarter",
        "period_start": QUARTER,
        "period_end": AFTER,
        "segment": "all",
        "value": value,
        "n": None if value is None else 120,
        "status": "ok",
        "as_of": AS_OF,
        "source_lag_minutes": 0,
    }
    return plain | more


def changed(who: str, metric: str, change: float, verdict: str, **more: Any) -> dict[str, Any]:
    """Return a change from the quarter before to the latest closed one."""
    plain = {
        "audience": who,
        "metric": metric,
        "compared_with": "period_before",
        "period_kind": "quarter",
        "period_start": QUARTER,
        "period_end": AFTER,
        "previous_start": BEFORE,
        "change": change,
        "verdict": verdict,
    }
    return plain | more


def source(name: str, lag: int | None = 0, problem: str | None = None) -> dict[str, Any]:
    """Return a source by the minutes since its last good load; None for one that never had any."""
    return {
        "source": name,
        "last_loaded_as_of": None if lag is None else AS_OF,
        "last_tried_as_of": AS_OF,
        "lag_minutes": lag,
        "problem": problem,
        "quarantined_rows": 0,
    }


def coverage(key: str, declared: float, evidenced: float) -> dict[str, Any]:
    """Return how much of a journey is declared and evidenced."""
    return {"audience": key, "stages": 5, "declared": declared, "evidenced": evidenced}


def lively(file: Path) -> Path:
    """Write the registries that ship with every kind of number, change, gap and delay in them."""
    wave = {"period_kind": "wave"}
    hidden = {"status": "suppressed"}
    old = {"period_start": date(2025, 7, 1), "period_end": date(2025, 10, 1)}
    stale = {"status": "stale", "source_lag_minutes": 5 * 1440}
    few = {"status": "low_n", "n": 17}
    nps, ces, csat = "nps", "ces_top", "csat"
    first, solved = "first_response_minutes_p50", "resolution_minutes_p50"
    sizes = [2140, 412, 1310, 96, 804, 655, 388, 240, 512, 77, 930, 204, 310]
    people = registry("audiences")
    for row, size in zip(sorted(people, key=lambda row: int(row["rank"])), sizes, strict=False):
        row["persons"] = size
    return publish(
        file,
        audiences=people,
        metrics=metrics(),
        metric_values=[
            measured("customer", nps, 31.2, low=25.4, high=36.9, n=842),
            measured("customer", ces, 0.713, low=0.662, high=0.759, n=301),
            measured("customer", solved, 1730.0, low=1585.0, high=1904.0, n=655),
            measured("customer", first, 221.0, low=198.0, high=250.0, n=655),
            measured("customer", csat, 0.82, low=0.77, high=0.86, n=310),
            measured("employee", "enps", 8.0, low=-1.8, high=17.7, n=318, **wave),
            measured("employee", csat, None, status="not_measured"),
            measured("fan", nps, 54.0, low=47.0, high=60.3, n=402),
            measured("fan", first, 44.0, low=31.0, high=58.0, n=88),
            measured("fan", solved, 640.0, low=410.0, high=1020.0, n=88),
            measured("dealer", nps, 12.5, low=-14.0, high=37.1, **few),
            measured("dealer", solved, 5900.0, low=4300.0, high=None, **few),
            measured("dealer", ces, None, **hidden),
            measured("subscriber", nps, 22.0, low=14.1, high=29.5, n=377, **stale),
            measured("subscriber", solved, 2210.0, low=1900.0, high=2600.0, n=143),
            measured("subscriber", ces, 0.655, low=0.57, high=0.731, n=133),
            measured("member", nps, 47.0, low=35.2, high=57.4, n=141, **old),
            measured("season_ticket_holder", nps, 61.0, low=50.0, high=70.6, n=120),
            measured("season_ticket_holder", first, 75.0, low=40.0, high=160.0, **few),
            measured("lapsed_customer", nps, -38.0, low=-52.3, high=-21.6, n=97),
            measured("lapsed_customer", "repeat_customer_rate", 0.41, low=0.33, high=0.49, n=160),
            measured("superfan", nps, None, **hidden),
            measured("lead", solved, None, status="not_mature", n=6),
            measured("donor", nps, 58.0, low=44.4, high=69.1, n=90),
            measured("customer", "response_rate", 0.34, low=0.31, high=0.37, n=2400),
        ],
        metric_changes=[
            changed("customer", nps, -9.1, "down", low=-14.6, high=-3.6, smallest_detectable=7.9),
            changed(
                "customer", ces, 0.012, "no clear change",
                low=-0.05, high=0.07, smallest_detectable=0.09,
            ),
            changed(
                "customer", solved, -310, "down", low=-480, high=-140, smallest_detectable=240
            ),
            changed(
                "employee", "enps", -4, "no clear change",
                low=-12, high=4, smallest_detectable=11.2, **wave,
            ),
            changed("fan", nps, 7.4, "up", low=2.2, high=12.6, smallest_detectable=7.4),
            changed(
                "dealer", nps, -5, "no clear change", low=-41, high=31, smallest_detectable=52
            ),
            changed(
                "subscriber", ces, -0.02, "no clear change",
                low=-0.12, high=0.08, smallest_detectable=0.14,
            ),
        ],
        audience_coverage=[
            coverage("customer", 0.8, 0.6), coverage("employee", 0.57, 0.286),
            coverage("fan", 0.25, 0.458), coverage("dealer", 0.1, 0.2),
            coverage("subscriber", 0.8, 0.467), coverage("prospect", 0.125, 0),
            coverage("member", 0.3, 0.2), coverage("season_ticket_holder", 0.25, 0.375),
            coverage("lapsed_customer", 0.3, 0.2), coverage("superfan", 0.25, 0.25),
            coverage("attendee", 0.125, 0.125), coverage("lead", 0.25, 0.5),
        ],
        sources=[
            source("bamboohr"), source("files", 3 * 1440), source("hubspot"),
            source("qualtrics", 5 * 1440, "the export answered 500 three times; it is tried again"),
            source("zendesk", 12),
        ],
    )  # fmt: skip


def crowd(file: Path, count: int, **more: Any) -> Path:
    """Write a file in which every one of so many audiences has every number, changed and late."""
    keys = [f"audience_{rank}" for rank in range(1, count + 1)]
    scores = {"nps": (-12.4, -20.8, -3.1), "ces_top": (0.655, 0.57, 0.731)}
    waits = {
        "first_response_minutes_p50": (1249.0, 662.0, 1290.0),
        "resolution_minutes_p50": (5258.0, 4653.0, 6293.0),
    }
    numbers = {**scores, **waits}
    return publish(
        file,
        audiences=[
            audience(key, rank, persons=1000 + rank, target_metric="nps", target=40) | more
            for rank, key in enumerate(keys, start=1)
        ],
        metrics=metrics(*numbers),
        metric_values=[
            measured(key, metric, value, low=low, high=high, status="low_n", n=29)
            for key in keys
            for metric, (value, low, high) in numbers.items()
        ],
        metric_changes=[
            changed(
                key, metric, -value / 4, "up" if value < 0 else "down",
                low=-high / 4, high=-low / 4, smallest_detectable=abs(value),
            )
            for key in keys
            for metric, (value, low, high) in numbers.items()
        ],
        audience_coverage=[coverage(key, 0.5, 0.25) for key in keys],
        sources=[source("zendesk", 3 * 1440), source("qualtrics", None)],
    )  # fmt: skip
