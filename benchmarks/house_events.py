"""Made-up events as the models of the metrics read them, and what must stand beside them."""

import csv
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from benchmarks.house_sql import PROJECT

# The last two closed quarters of everything that is made up.
BEFORE, AFTER, AFTERWARDS = map(pd.Timestamp, ("2025-10-01", "2026-01-01", "2026-04-01"))
# An own row beside the registry's: how the interval of a count a person is made, in both ways.
RATIOS = {"counted_linearised": "linearised", "counted_resampled": "cluster_bootstrap"}
EVENT = {
    "event": pa.string(),
    "role": pa.string(),
    "event_id": pa.string(),
    "source": pa.string(),
    "audience": pa.string(),
    "family": pa.string(),
    "respondent_id": pa.string(),
    "value": pa.float64(),
    "exposure": pa.float64(),
    "is_unknown": pa.bool_(),
    "weight": pa.float64(),
    "scale_min": pa.float64(),
    "scale_max": pa.float64(),
    "scale_key": pa.string(),
    "feedback_kind": pa.string(),
    "is_protected": pa.bool_(),
    "observed_on": pa.date32(),
    "wave_opened_on": pa.date32(),
    "wave_closed_on": pa.date32(),
    "snapshot_date": pa.date32(),
    "dimensions": pa.string(),
    "has_struck": pa.bool_(),
}
STANDING = {
    "role": pa.string(),
    "audience": pa.string(),
    "family": pa.string(),
    "respondent_id": pa.string(),
    "period_kind": pa.string(),
    "period_start": pa.date32(),
    "period_end": pa.date32(),
    "sources": pa.string(),
    "value": pa.float64(),
    "exposure": pa.float64(),
    "is_in_parts": pa.bool_(),
    "is_unknown": pa.bool_(),
    "dimensions": pa.string(),
    "asks_for_persons": pa.bool_(),
    "persons": pa.int64(),
}
USUAL = {
    "source": "drawn",
    "family": "customer",
    "exposure": 1.0,
    "is_unknown": False,
    "scale_key": "drawn",
    "feedback_kind": "triggered",
    "is_protected": False,
    "dimensions": "{}",
}


def registry() -> pd.DataFrame:
    """Return the registry, each metric for quarters of customers alone, and two counts a person."""
    with (PROJECT / "seeds" / "metrics.csv").open(encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = list(csv.DictReader(lines))
    like = next(row for row in rows if row["metric"] == "csat")
    of_counts = {"statistic": "ratio", "unit": "rate", "scale_min": "", "scale_max": "",
                 "top_from": "", "bottom_to": ""}  # fmt: skip
    rows += [
        {**like, **of_counts, "metric": name, "role": name, "interval_method": method}
        for name, method in RATIOS.items()
    ]
    frame = pd.DataFrame(rows).replace("", None)
    for column in ("scale_min", "scale_max", "top_from", "bottom_to", "maturity_days"):
        frame[column] = frame[column].astype(float)
    return frame.assign(
        families="customer",
        periods="quarter",
        segments="all",
        change_period="quarter",
        is_headline=frame["is_headline"] == "true",
    )


def events(rows: pd.DataFrame) -> pa.Table:
    """Return events with all their columns and types; what is not given is as usual, or null."""
    filled = rows.assign(**{name: value for name, value in USUAL.items() if name not in rows})
    filled = filled.assign(event_id=[f"e{number}" for number in range(len(rows))])
    columns = {
        name: pa.array(filled[name], type=kind, from_pandas=True)
        if name in filled
        else pa.nulls(len(rows), kind)
        for name, kind in EVENT.items()
    }
    return pa.table(columns)


def beside(metrics: pd.DataFrame) -> Mapping[str, Any]:
    """Return what the models read besides events: the registry, two quarters, nobody's standing."""
    quarters = {
        "period_kind": pa.array(["quarter", "quarter"]),
        "period_start": pa.array([BEFORE.date(), AFTER.date()]),
        "period_end": pa.array([AFTER.date(), AFTERWARDS.date()]),
    }
    nobody = {name: pa.nulls(0, kind) for name, kind in STANDING.items()}
    unknown = {name: pa.nulls(0, pa.string()) for name in ("account_id", "person_id")}
    return {
        "metrics": metrics,
        "int_metric_periods": pa.table(quarters),
        "int_metric_standings": pa.table(nobody),
        "identity.account_persons": pa.table(unknown),
    }
