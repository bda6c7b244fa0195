"""Stage 1: every raw table as an asset; vendors are read side by side and settled one by one."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from ingestion import ledger
from ingestion.classification import TableCount
from ingestion.connector import Connector, Table
from ingestion.landing import QUARANTINE, Page
from ingestion.pipeline import (
    Door,
    Gate,
    Landing,
    Listed,
    Load,
    connect,
    ensure_tables,
    kept_open,
    load,
)
from orchestration import keys
from orchestration.counting import rows_of
from orchestration.declarations import declarations
from orchestration.kept_out import gate, sweep
from orchestration.pace import Far, tell
from orchestration.sandbox import lending
from orchestration.settings import Settings, claim, clock, lent
from orchestration.told import TOLD_ONCE, remember_told
from quality.raw_door import raw_door
from storage import Warehouse, turn

CHECK = "raw_door"
PROMISED = (
    "What came is shaped, dated, filled and spread as the table's own history lets expect "
    "(Great Expectations, docs/checks.md)."
)
LEDGER = {
    "loads": "One row per load and table; a failed load has one row with its problem.",
    "clock": "One row, the `as_of` of the last load.",
    "table_health": "One row per table, how it stood against its own history when it last came.",
    **{once.memory: f"What `{once.model}` told once and for all, as told." for once in TOLD_ONCE},
}


class LoadConfig(dg.Config):
    """What a person may say about this load."""

    accepted: list[str] = Field(
        default=[], description="Sources taken as they are, whatever the raw door finds."
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of one vendor: its load, what the raw door found and how long it took."""

    load: Load
    findings: Sequence[str]
    seconds: float


@dataclass(slots=True)
class Watched:
    """A door that remembers, per vendor, what it found, and lets in what a person accepted."""

    door: Door
    accepted: Sequence[str] = ()
    findings: dict[str, list[str]] = field(default_factory=dict)

    def __call__(
        self,
        connector: Connector,
        package: Mapping[str, Path],
        listed: Mapping[str, Listed],
        as_of: datetime,
        counts: Sequence[TableCount] = (),
    ) -> list[str]:
        found = self.door(connector, package, listed, as_of, counts)
        self.findings[connector.name] = found
        return [] if connector.name in self.accepted else found


@dataclass(slots=True)
class Count:
    """A gate that tells how many rows have come and how many sources are done."""

    of: int
    keep_out: Gate | None
    rows: int = 0
    done: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, connector: Connector, table: Table, page: Page) -> Page:
        self._tell(rows=page.good.num_rows + page.bad.num_rows)
        return self.keep_out(connector, table, page) if self.keep_out else page

    def ended(self) -> None:
        """Tell that one more source is done."""
        self._tell(done=1)

    def _tell(self, rows: int = 0, done: int = 0) -> None:
        with self._lock:
            self.rows, self.done = self.rows + rows, self.done + done
            tell(Far(self.done, self.of, "sources", self.rows))


def raw_tables(connector: Connector) -> tuple[Table, ...]:
    """Return every raw table of a connector, its quarantine included."""
    return (*connector.tables, QUARANTINE)


def build_load(current: Settings, connectors: Mapping[str, Connector]) -> dg.AssetsDefinition:
    """Return the step that loads every source that is on."""
    tables = [(name, table) for name in connectors for table in raw_tables(connectors[name])]

    @dg.multi_asset(
        name="load",
        specs=[*(_raw_spec(name, table) for name, table in tables), *_ledger_specs()],
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=[name, table.name], description=PROMISED)
            for name, table in tables
        ],
        can_subset=True,
        pool="warehouse",
        required_resource_keys={"house"},
    )
    def load_sources(context: dg.AssetExecutionContext, config: LoadConfig) -> Iterator[object]:
        claim(current)
        keys.ensure(current.keys)
        as_of = clock(current)
        selected = context.selected_asset_keys
        chosen = {key.path[0] for key in selected} & connectors.keys()
        on = [connectors[name] for name in connectors if name in chosen]
        with lent(declarations(current)), lending(current, on):
            count = Count(len(on), gate(current))
            landing = Landing(current.warehouse, current.work, as_of, count)
            arrivals = load_side_by_side(on, landing, config.accepted, count.ended)
        with turn(current.warehouse):
            sweep(current, on)
            rows = settle_ledger(current.warehouse, connectors, as_of)
            with connect(current.warehouse) as db:
                remember_told(db, current.serving)
                written = rows_of(db, [f"ops.{name}" for name in LEDGER])
        for arrival in arrivals:
            _say(context, arrival)
            results = _results(connectors[arrival.load.source], arrival, rows)
            yield from (result for result in results if result.asset_key in selected)
        for key in selected:
            if key.path[0] == "ops":
                said = {"dagster/row_count": written[".".join(key.path)]}
                yield dg.MaterializeResult(
                    asset_key=key, metadata={**said, "as_of": as_of.isoformat()}
                )

    return load_sources


def load_side_by_side(
    on: Sequence[Connector],
    landing: Landing,
    accepted: Sequence[str] = (),
    ended: Callable[[], None] = lambda: None,
) -> list[Arrival]:
    """Load each source in a thread of its own; `Landing` lets them settle one by one."""
    raw = raw_door(landing.warehouse)
    door = Watched(raw, accepted)

    def arrive(connector: Connector) -> Arrival:
        start = time.monotonic()
        loaded = load(connector, landing, door)
        findings = door.findings.get(connector.name, [])
        if loaded.tables:
            raw.remember(connector.name, landing.as_of)
        ended()
        return Arrival(loaded, findings, time.monotonic() - start)

    pool = ThreadPoolExecutor(max_workers=max(len(on), 1))
    try:
        with kept_open(landing.warehouse):
            return list(pool.map(arrive, on))
    finally:
        # Whoever interrupts a run must not wait for every vendor's answer.
        pool.shutdown(wait=False, cancel_futures=True)


def settle_ledger(
    warehouse: Warehouse, connectors: Mapping[str, Connector], as_of: datetime
) -> dict[tuple[str, str], int]:
    """Create what is missing, set the clock, and return the rows of each raw table."""
    with connect(warehouse) as db:
        ensure_tables(db, connectors)
        ledger.write_clock(db, as_of)
        relations = {
            (name, table.name): f"raw_{name}.{table.name}"
            for name, connector in connectors.items()
            for table in raw_tables(connector)
        }
        rows = rows_of(db, relations.values())
    return {table: rows[relation] for table, relation in relations.items()}


def _raw_spec(source: str, table: Table) -> dg.AssetSpec:
    return dg.AssetSpec(
        [source, table.name],
        group_name=f"sources/{source}",
        description=table.description,
        kinds={"dlt", "duckdb"},
        metadata={"dagster/table_name": f"raw_{source}.{table.name}", "key": ", ".join(table.key)},
    )


def _ledger_specs() -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            ["ops", name],
            group_name="ops",
            description=description,
            kinds={"dlt", "duckdb"},
        )
        for name, description in LEDGER.items()
    ]


def _say(context: dg.AssetExecutionContext, arrival: Arrival) -> None:
    done = arrival.load
    if done.problem:
        context.log.error(done.problem)
        return
    for found in arrival.findings:
        context.log.warning(f"{done.source}: taken as it is, though {found}")
    seen = sum(count.extracted for count in done.tables)
    context.log.info(
        f"{done.source}: {seen:,} rows read, {done.touched:,} new or changed, "
        f"in {arrival.seconds:.1f} s"
    )


def _results(
    connector: Connector, arrival: Arrival, rows: Mapping[tuple[str, str], int]
) -> Iterator[dg.MaterializeResult[None]]:
    counts = {count.table: count for count in arrival.load.tables}
    for table in raw_tables(connector):
        key = dg.AssetKey([connector.name, table.name])
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={
                "dagster/row_count": rows[connector.name, table.name],
                "seconds": round(arrival.seconds, 1),
                **_told(arrival.load, counts.get(table.name)),
            },
            check_results=[_verdict_on(key, table.name, arrival)],
        )


def _told(done: Load, count: TableCount | None) -> dict[str, Any]:
    problem = {"problem": done.problem} if done.problem else {}
    if count is None:
        return {"outcome": "stood as it was", **problem}
    parts = ("extracted", "new", "changed", "unchanged", "duplicate", "quarantined")
    undeclared = {"undeclared": dict(count.undeclared)} if count.undeclared else {}
    kept_out = {"kept_out": count.kept_out} if count.kept_out else {}
    counts = {part: getattr(count, part) for part in parts}
    return {"outcome": "loaded", **counts, **kept_out, **undeclared, **problem}


def _verdict_on(key: dg.AssetKey, table: str, arrival: Arrival) -> dg.AssetCheckResult:
    found = [found for found in arrival.findings if found.startswith(f"{table}: ")]
    own = "; ".join(found)
    problem = arrival.load.problem
    # What a person accepted is said, and is no reason for the run to fail.
    severity = dg.AssetCheckSeverity.WARN if own and not problem else dg.AssetCheckSeverity.ERROR
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=not (own or problem),
        severity=severity,
        description=own or problem or "nothing odd",
        metadata={
            "findings": len(found),
            **({"problem": problem} if problem else {}),
        },
    )
