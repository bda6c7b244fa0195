"""The semantic layer, made from the metric registry: what MetricFlow computes, what it only shows.

`ax generate` writes `dbt_project/models/semantic/generated/`: one file a metric and the two files
that all of them share. An additive metric that names a calendar period is computed from the daily
sums of `fct_metric_days`; every other one is shown as `fct_metric_values` has it, never computed
again.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestration.metric_pages import ROOT, UNITS, registry

FOLDER = Path("dbt_project") / "models" / "semantic" / "generated"
NOTE = "# Made from dbt_project/seeds/metrics.csv by `ax generate`; edit the registry.\n"
CALENDAR = ("day", "week", "month", "quarter", "year")
# What the mart counts in hundredths and in hundreds, the layer does too.
HUNDREDS = ("score", "per_hundred")
COMPUTED, SHOWN = "metricflow", "mart"

# What is summed over the days of a cell; the ends of `cell` differ where a query pools two cells.
CELL = "audience || '|' || segment || '|' || coalesce({}, '')"
SUMS = {
    "observations": ("sum", "n", "observations"),
    "exposure": ("sum", "exposure", "what the total is counted against"),
    "total": ("sum", "total", "sum of what the observations count for"),
    "positives": ("sum", "positives", "observations that count for more than 0"),
    "negatives": ("sum", "negatives", "observations that count for less than 0"),
    "unknowns": ("sum", "unknowns", "days on which something counts whose value is not known"),
    "first_cell": (
        "min",
        CELL.format("first_question"),
        "first of the cells that a row is made of",
    ),
    "last_cell": ("max", CELL.format("last_question"), "last of the cells that a row is made of"),
}
VALUES = {
    "rows": ("sum", "1", "rows of the mart behind a row"),
    "value": ("max", "value", "value in the unit of the metric"),
    "low": ("max", "low", "lower end of the 95 % interval"),
    "high": ("max", "high", "upper end of the 95 % interval"),
    "observations": ("max", "n", "observations"),
    "n_eff": ("max", "n_eff", "observations after the design effect over persons"),
}
# NPS by its own formula; everything else is its total, alone or over what it is counted against.
FORMULAS = {"trinomial": "(positives - negatives) / nullif(observations, 0)", "total": "total"}
RATIO = "total / nullif(exposure, 0)"

# No figure of two cells, and none of what is known alone: it would look like that of all.
GUARDS = ("unknowns", "first_cell", "last_cell")

Row = Mapping[str, str]


def finest(metric: Row) -> str | None:
    """Return the shortest calendar period that a metric is published for; None for no such."""
    named = metric["periods"].split("|")
    return next((period for period in CALENDAR if period in named), None)


def is_computed(metric: Row) -> bool:
    """Say whether the layer computes a metric; else it shows what the mart has."""
    return metric["kind"] == "additive" and finest(metric) is not None


def files(root: Path = ROOT) -> dict[Path, str]:
    """Return every file of the semantic layer as the registry gives it."""
    rows = registry(root)
    grains = [g for g in CALENDAR if any(is_computed(row) and finest(row) == g for row in rows)]
    folder = root / FOLDER
    shared = {
        folder / "_sums.yml": _document(
            semantic_models=[_sums_model(grain) for grain in grains],
            metrics=[part for grain in grains for part in _parts(grain, SUMS)],
        ),
        folder / "_values.yml": _document(
            semantic_models=[_values_model()],
            metrics=[*_parts("shown", VALUES), *_mart_metrics()],
        ),
    }
    own = {folder / f"{r['metric']}.yml": _document(metrics=_metrics(r)) for r in rows}
    return shared | own


def is_generated(root: Path = ROOT) -> bool:
    """Say whether the files are what the registry gives, no more and no fewer."""
    wanted = files(root)
    return _there(root) == set(wanted) and all(
        file.read_text(encoding="utf-8") == text for file, text in wanted.items()
    )


def generate(root: Path = ROOT) -> bool:
    """Write the files and drop those of metrics that are gone; say whether one had to change."""
    if is_generated(root):
        return False
    wanted = files(root)
    for gone in _there(root) - set(wanted):
        gone.unlink()
    for file, text in wanted.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return True


def _there(root: Path) -> set[Path]:
    return set((root / FOLDER).glob("*.yml"))


def _document(**parts: list[dict[str, Any]]) -> str:
    text = yaml.safe_dump(parts, sort_keys=False, width=10_000, allow_unicode=True)
    return NOTE + text


def _sums_model(grain: str) -> dict[str, Any]:
    return {
        "name": f"sums_by_{grain}",
        "description": f"Daily sums of the metrics whose shortest calendar period is a {grain}: "
        "no shorter one can be asked for. Name audience and segment; what pools two of them, "
        "or two questions on scales of their own, is null.",
        "model": "ref('fct_metric_days')",
        "defaults": {"agg_time_dimension": "observed_on"},
        "primary_entity": f"{grain}_sum",
        "entities": [_foreign(name) for name in ("metric", "audience", "segment")],
        "dimensions": [
            _time("observed_on", grain, "Day of the observation, in the organisation's zone."),
        ],
        "measures": _measures(grain, SUMS),
    }


def _values_model() -> dict[str, Any]:
    return {
        "name": "mart_values",
        "description": "Every cell of the mart as it stands there, with interval and status; a "
        "query that pools two cells is null.",
        "model": "ref('fct_metric_values')",
        "defaults": {"agg_time_dimension": "period_start"},
        "primary_entity": "cell",
        "entities": [_foreign(name) for name in ("metric", "audience", "segment")],
        "dimensions": [
            _time("period_start", "day", "First day of the period."),
            _categorical("period_kind", "day, week, month, quarter, year, wave, trailing_..."),
            _categorical("status", "ok, low_n, not_mature, suppressed, stale or not_measured."),
            _categorical("interval_method", "How the interval was made; none for none."),
            _categorical("is_latest", "True in the latest period of its kind."),
        ],
        "measures": _measures("shown", VALUES),
    }


def _foreign(name: str) -> dict[str, Any]:
    return {"name": name, "type": "foreign"}


def _time(name: str, grain: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "time",
        "description": description,
        "type_params": {"time_granularity": grain},
    }


def _categorical(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "type": "categorical", "description": description}


def _measures(prefix: str, parts: Mapping[str, tuple[str, str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{prefix}_{name}",
            "agg": agg,
            "expr": expr,
            "description": f"{what.capitalize()}.",
        }
        for name, (agg, expr, what) in parts.items()
    ]


def _parts(prefix: str, parts: Mapping[str, tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return the metrics that only serve the others: the measures one by one."""
    return [
        {
            "name": f"{prefix}_{name}",
            "label": f"{prefix} {name}".replace("_", " "),
            "description": f"Part of other metrics: {what}.",
            "type": "simple",
            "type_params": {"measure": f"{prefix}_{name}"},
        }
        for name, (_, _, what) in parts.items()
    ]


def _mart_metrics() -> Iterator[dict[str, Any]]:
    for name, (_, _, what) in VALUES.items():
        if name != "rows":
            yield {
                "name": f"mart_{name}",
                "label": f"{name.replace('_', ' ')} (mart)",
                "description": f"Of any metric, by metric and cell__period_kind: {what}.",
                "type": "derived",
                "type_params": _one_row(name),
                "config": {"meta": {"computed_by": SHOWN}},
            }


def _one_row(name: str, only: str | None = None) -> dict[str, Any]:
    return {
        "expr": f"case when rows_behind = 1 then {name} end",
        "metrics": [
            _input("shown_rows", "rows_behind", only),
            _input(f"shown_{name}", name, only),
        ],
    }


def _input(name: str, alias: str, only: str | None) -> dict[str, Any]:
    chosen = {"filter": f"{{{{ Entity('metric') }}}} = '{only}'"} if only else {}
    return {"name": name, "alias": alias, **chosen}


def _metrics(metric: Row) -> list[dict[str, Any]]:
    key, grain = metric["metric"], finest(metric)
    if not is_computed(metric):
        return [_about(metric, SHOWN) | {"type": "derived", "type_params": _one_row("value", key)}]
    formula = FORMULAS.get(metric["statistic"], RATIO)
    factor = "100.0 * " if metric["unit"] in HUNDREDS else ""
    parts = [name for name in SUMS if name in formula or name in GUARDS]
    value = {
        "type": "derived",
        "type_params": {
            "expr": f"case when first_cell = last_cell and unknowns = 0 then {factor}{formula} end",
            "metrics": [_input(f"{grain}_{part}", part, key) for part in parts],
        },
    }
    return [_about(metric, COMPUTED) | value, _observations(metric, str(grain))]


def _observations(metric: Row, grain: str) -> dict[str, Any]:
    key = metric["metric"]
    return {
        "name": f"{key}_n",
        "label": f"{metric['label']}: n",
        "description": f"Observations behind {key}: {metric['denominator']}.",
        "type": "derived",
        "type_params": {
            "expr": "case when first_cell = last_cell then observations end",
            "metrics": [
                _input(f"{grain}_{part}", part, key)
                for part in SUMS
                if part in ("observations", "first_cell", "last_cell")
            ],
        },
        "config": {"meta": {"computed_by": COMPUTED}},
    }


def _about(metric: Row, computed_by: str) -> dict[str, Any]:
    meta = {
        "computed_by": computed_by,
        "kind": metric["kind"],
        "statistic": metric["statistic"],
        "unit": metric["unit"],
        "definition_version": int(metric["definition_version"]),
    }
    return {
        "name": metric["metric"],
        "label": metric["label"],
        "description": f"{metric['formula']}; {UNITS[metric['unit']]}.",
        "config": {"meta": meta},
    }
