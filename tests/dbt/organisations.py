"""Random organisations side by side: their answers go through the models that publish, and out.

Each organisation is an audience of its own. The models' own compiled SQL runs over them, from what
happened to what is published; everything else is as empty as dbt made it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from orchestration.told import remember_told

CHAIN = [
    "int_metric_uses",
    "int_metric_event_groups",
    "int_metric_series",
    "int_metric_observations",
    "int_metric_days",
    "int_metric_periods",
    "int_metric_placements",
    "int_metric_cells__summed",
    "int_metric_estimates",
    "int_metric_wave_terms",
    "int_metric_mixtures",
    "int_metric_overlaps",
    "int_metric_respondents",
    "int_metric_suppression",
    "int_metric_rests",
    "int_metric_blanks",
    "stg_ops__published_once",
    "int_metric_told",
    "fct_metric_values",
]
# What the chain reads and this bench does not fill.
EMPTY = [
    "intermediate.int_metric_waits",
    "intermediate.int_metric_segmented_standings",
    "intermediate.int_metric_standing_sums",
    "intermediate.int_metric_resamples",
    "intermediate.int_metric_cells__quantile",
    "intermediate.int_metric_sources",
    "intermediate.int_metric_maturities",
    "intermediate.int_metric_absences",
    "intermediate.int_survey_answers",
    "intermediate.int_survey_invitations",
    "ops.published_once",
]
SCHEMAS = {"fct": "marts", "stg": "connectors"}
ROLES = {"nps": (0, 10), "enps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
FIRST, DAYS = date(2024, 12, 1), 480
WAVES = [date(2025, 2, 3), date(2025, 8, 4), date(2026, 1, 12)]
COUNTRIES, UNITS, CHANNELS = (
    ["DE", "FR", "PL", "MT"],
    ["Ops", "Sales", "HR", "Lab"],
    ["web", "mail", "chat"],
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Organisation:
    """An audience with its own size, habits and promise."""

    number: int
    seed: int = 20260410

    @property
    def audience(self) -> str:
        return f"org{self.number}"

    @property
    def rng(self) -> np.random.Generator:
        return np.random.default_rng([self.seed, self.number])

    @property
    def family(self) -> str:
        return "workforce" if self.number % 3 == 0 else "customer"

    def registered(self) -> Row:
        """Return its row of the audience registry."""
        return {
            "audience": self.audience,
            "family": self.family,
            "minimum_group": [5, 5, 5, 8][self.number % 4],
            "is_minor": self.number % 11 == 10,
        }

    def events(self) -> Iterator[Row]:
        """Yield what its people answered, and the tickets they wrote."""
        rng = self.rng
        people, size = int(rng.integers(3, 60)), int(rng.integers(8, 160))
        alike, lean = self.number % 7 == 3, rng.dirichlet(np.ones(4) * 0.7)
        for n in range(size):
            who = int(rng.integers(people))
            at = FIRST + timedelta(days=int(rng.integers(DAYS)))
            role = "enps" if self.family == "workforce" else ["nps", "nps", "csat", "ces"][n % 4]
            if self.number % 6 == 0 and n % 3 == 0:
                role = "csat"
            low, high = ROLES[role]
            value = high if alike and rng.random() < 0.9 else int(rng.integers(low, high + 1))
            wave = WAVES[n % 3] if role == "enps" else None
            place = int(rng.choice(4, p=lean))
            yield self.row("answer", role, n, who, value, at) | {
                "scale_min": float(low),
                "scale_max": float(high),
                # Some promise everybody confidentiality, some only who answers at a kiosk.
                "is_protected": self.family == "workforce"
                or self.number % 5 == 4
                or (self.number % 5 == 1 and n % 6 == 0),
                "wave_opened_on": wave,
                "wave_closed_on": wave and wave + timedelta(days=14),
                "dimensions": f'{{"country": "{COUNTRIES[place]}", "department": "{UNITS[place]}"}}'
                if rng.random() < 0.95
                else "{}",
            }
            if self.family == "customer":
                channel = CHANNELS[int(rng.choice(3, p=lean[:3] / lean[:3].sum()))]
                yield self.row("ticket", "one_touch", n, who, int(rng.random() < 0.6), at) | {
                    "dimensions": f'{{"channel": "{channel}", "priority": "{"low" if n % 3 else "high"}"}}'
                }

    def row(self, event: str, role: str, n: int, who: int, value: int, at: date) -> Row:
        return {
            "event": event,
            "role": role,
            "event_id": f"{event}:{self.audience}:{n}",
            "source": "bench",
            "audience": self.audience,
            "family": self.family,
            "respondent_id": f"{self.audience}:{who}",
            "value": float(value),
            "exposure": 1.0,
            "is_unknown": False,
            "scale_key": role,
            "feedback_kind": "triggered",
            "is_protected": False,
            "observed_on": at,
        }


def later(events: Sequence[Row], seed: int) -> list[Row]:
    """Return what a later build finds: some people erased, some answers late, some corrected."""
    rng = np.random.default_rng(seed)
    gone = {row["respondent_id"] for row in events if rng.random() < 0.01}
    found = [row for row in events if row["respondent_id"] not in gone]
    for row in [row for row in found if rng.random() < 0.03]:
        found.append(
            row
            | {
                "event_id": f"late:{row['event_id']}",
                "respondent_id": f"late:{row['respondent_id']}",
                "value": float(row.get("scale_min") or 0.0),
            }
        )
    return found


class Bench:
    """A warehouse in memory that runs the models behind the events."""

    def __init__(self, built: Any, compiled: Mapping[str, str]) -> None:
        self.db = duckdb.connect()
        self.db.execute("set TimeZone = 'UTC'; attach ':memory:' as warehouse")
        path = built.folder / "warehouse" / "warehouse.duckdb"
        self.db.execute(f"attach '{path}' as source (read_only)")
        for schema in ("intermediate", "registry", "marts", "ops", "connectors"):
            self.db.execute(f"create schema warehouse.{schema}")
        for name in [*EMPTY, "intermediate.int_metric_events"]:
            self.make_empty(name)
        self.db.execute("create table warehouse.registry.metrics as from source.registry.metrics")
        self.compiled = compiled

    def make_empty(self, name: str) -> None:
        """Make a table of the columns of a relation; views name databases that are not here."""
        columns = self.rows(
            "select string_agg(concat('\"', column_name, '\" ', data_type), ', ' "
            "order by column_index) as told from duckdb_columns() "
            f"where database_name = 'source' and concat(schema_name, '.', table_name) = '{name}'"
        )
        self.db.execute(f"create table warehouse.{name} ({columns[0]['told']})")

    def register(self, audiences: Sequence[Row]) -> None:
        """Fill the audience registry."""
        given = pd.DataFrame(audiences)
        self.db.register("given", given)
        self.db.execute(
            "create or replace table warehouse.registry.audiences as "
            "from source.registry.audiences limit 0"
        )
        self.db.execute("insert into warehouse.registry.audiences by name from given")

    def publish(self, events: Sequence[Row], opened: Sequence[date] = ()) -> list[Row]:
        """Run the models over what happened; return the rows of fct_metric_values."""
        given = pd.DataFrame(events)
        self.db.register("given", given)
        self.db.execute("delete from warehouse.intermediate.int_metric_events")
        self.db.execute("insert into warehouse.intermediate.int_metric_events by name from given")
        for wave in opened:
            self.db.execute(
                "insert into warehouse.intermediate.int_survey_answers (wave_opened_on) values (?)",
                [wave],
            )
        for model in CHAIN:
            self.run(model)
        return self.rows("from warehouse.marts.fct_metric_values")

    def serve(self, folder: Path) -> None:
        """Put what was published where readers have it, and note it as a run does before the next."""
        serving = folder / "marts.duckdb"
        serving.unlink(missing_ok=True)
        self.db.execute(f"attach '{serving}' as serving")
        self.db.execute(
            "create table serving.pub_metric_values as "
            "select * exclude (is_latest) from warehouse.marts.fct_metric_values"
        )
        self.db.execute("detach serving; use warehouse")
        remember_told(self.db, serving)

    def run(self, model: str) -> None:
        schema = SCHEMAS.get(model.split("_")[0], "intermediate")
        name = f"warehouse.{schema}.{model}"
        if model == "int_metric_wave_terms" and self.has(model):
            # As dbt appends: what is known of a wave stays.
            self.db.execute(
                f"insert into {name} from ({self.compiled[model]}) as found where "
                f"wave_opened_on not in (select wave_opened_on from {name})"
            )
        else:
            self.db.execute(f"create or replace table {name} as {self.compiled[model]}")

    def has(self, model: str) -> bool:
        return bool(
            self.rows(
                f"from duckdb_tables() where database_name = 'warehouse' and table_name = '{model}'"
            )
        )

    def rows(self, query: str) -> list[Row]:
        found = self.db.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def seen(organisations: Sequence[Organisation]) -> list[Row]:
    return [row for one in organisations for row in one.events()]


def compiled(results: Mapping[str, Any]) -> dict[str, str]:
    """Return each model's SQL by name, out of dbt's run results."""
    return {
        row["unique_id"].split(".")[-1]: re.sub(r"--[^\n]*", "", row["compiled_code"])
        for row in results["results"]
        if row["unique_id"].startswith("model.") and row.get("compiled_code")
    }
