"""The only place that knows where raw lands: extract, classify, judge, load.

State is committed with the data it belongs to. A pipeline's working folder is thrown away before
each load and its state read back from the warehouse, so a load that was killed, refused or failed
leaves cursor and raw as they were, and the next one picks up there.
"""

import functools
import json
import logging
import os
import re
import shutil
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import dlt
import duckdb
from dlt.common.destination import Destination
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials
from dlt.destinations.impl.ducklake.configuration import DuckLakeCredentials

from ingestion import ledger
from ingestion.classification import TableCount, classify
from ingestion.connector import Connector, Table
from ingestion.errors import RefusedPackage, Unbalanced, UnknownFailure, WarehouseLocked
from ingestion.faults import explain
from ingestion.landing import QUARANTINE, Page, Tally, arrow_schema, check_shape, land
from ingestion.secrets import scrubbed
from storage import NAME, Warehouse, opened, turn
from storage.errors import LakeError
from storage.lake import SCHEMA, extensions

# dlt reads these wherever it is started from; the first keeps it from calling home.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")
# dlt would hear the first Ctrl-C alone, and forget it where what it was doing ends well.
os.environ.setdefault("RUNTIME__INTERCEPT_SIGNALS", "false")
os.environ.setdefault("RUNTIME__REQUEST_TIMEOUT", "30")
os.environ.setdefault("RUNTIME__REQUEST_MAX_ATTEMPTS", "4")
os.environ.setdefault("RUNTIME__REQUEST_MAX_RETRY_DELAY", "60")
# What was loaded is in raw; nothing of anybody stays behind in a working folder.
os.environ.setdefault("LOAD__DELETE_COMPLETED_JOBS", "true")
os.environ.setdefault("NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID", "true")

log = logging.getLogger(__name__)

MEMORY = "1GB"  # above it DuckDB spills
MOST_PROBLEMS = 5  # in one sentence; all of them stand in quarantine


class Listed(NamedTuple):
    """Living rows of a list that is always read whole: now, and in its last good load."""

    now: int
    last: int


# Takes out of a page what must not land: who was erased.
Gate = Callable[[Connector, Table, Page], Page]


# Findings of the raw door on {table: Parquet file of new and changed rows}, on the lists that were
# read whole, on what was counted, and by the clock; empty lets the load pass.
Door = Callable[
    [Connector, Mapping[str, Path], Mapping[str, Listed], datetime, Sequence[TableCount]], list[str]
]


@dataclass(frozen=True, slots=True)
class Load:
    """One source's part of a run; `problem` is the sentence a person reads, or None.

    A problem beside tables means that a part could not be read and the rest was loaded.
    """

    source: str
    tables: tuple[TableCount, ...]
    problem: str | None = None

    @property
    def touched(self) -> int:
        return sum(count.new + count.changed for count in self.tables)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A normalised load package that waits at the raw door."""

    connector: Connector
    pipeline: dlt.Pipeline
    tallies: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where raw lands, the clock of the run, and who is kept out."""

    warehouse: Warehouse
    work: Path
    as_of: datetime
    gate: Gate | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pipeline(self, source: str) -> dlt.Pipeline:
        shutil.rmtree(self.work / source, ignore_errors=True)
        return dlt.pipeline(
            pipeline_name=source,
            pipelines_dir=str(self.work),
            destination=destination(self.warehouse),
            dataset_name=f"raw_{source}",
        )

    def extract(self, connector: Connector) -> Extracted:
        """Read everything new from the vendor into a package; raw is not touched yet."""
        with self._lock:
            with connect(self.warehouse):
                pass  # makes the file, or says who holds it
            pipeline = self.pipeline(connector.name)
            pipeline.sync_destination()
        # Not by the environment: what is set there says that a real account was set up.
        dlt.config[f"sources.{connector.name}.as_of"] = self.as_of.isoformat()
        dlt.config[f"sources.{connector.name}.data_folder"] = str(self.work.parent)
        source = connector.source()
        tallies = {table.name: Tally(table) for table in connector.tables}
        for name, tally in tallies.items():
            gate = self.gate and functools.partial(self.gate, connector, tally.table)
            land(source.resources[name], tally, gate)
        pipeline.extract(source, loader_file_format="parquet")
        for tally in tallies.values():
            check_shape(connector.name, tally)
        pipeline.normalize()
        return Extracted(connector, pipeline, tallies)

    def settle(self, extracted: Extracted, door: Door) -> Load:
        """Drop what is unchanged, let the door judge the rest, load it and write the ledger."""
        source, pipeline = extracted.connector.name, extracted.pipeline
        with self._lock, turn(self.warehouse):
            files = package_files(pipeline)
            with connect(self.warehouse) as db:
                counts = tuple(
                    classify(db, source, tally, files.get(name, []))
                    for name, tally in _with_quarantine(extracted.tallies).items()
                )
                for count in counts:
                    if count.extracted != count.accounted:
                        raise Unbalanced(source, count.table, count.extracted, count.accounted)
                listed = _listed(extracted, ledger.last_living(db, source))
            judged = {name: path for name, (path, *_) in files.items() if path.exists()}
            if findings := door(extracted.connector, judged, listed, self.as_of, counts):
                raise RefusedPackage(source, findings, str(self._set_aside(pipeline)))
            _append_new(pipeline, counts)
            pipeline.load(workers=1, raise_on_failed_jobs=True)
            problem = _part_unread(source, extracted.tallies)
            with connect(self.warehouse) as db:
                ledger.write_load(db, source, self.as_of, counts)
                if problem:
                    ledger.write_problem(db, source, self.as_of, problem, status="incomplete")
        return Load(source, counts, problem)

    def _set_aside(self, pipeline: dlt.Pipeline) -> Path:
        kept = self.work.parent / "quarantine" / pipeline.pipeline_name
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(Path(pipeline.working_dir) / "load" / "normalized", kept)
        return kept


def load(connector: Connector, landing: Landing, door: Door) -> Load:
    """Load one source; whatever goes wrong is written to the ledger and returned, not raised."""
    try:
        return landing.settle(landing.extract(connector), door)
    except Exception as failure:
        problem = explain(connector.name, failure)
        if isinstance(problem, UnknownFailure):
            # Not by `exc_info`: what a library was given stands in its exceptions.
            log.error("%s\n%s", problem, scrubbed("".join(traceback.format_exception(failure))))
    finally:
        # dlt keeps its exceptions there, and in them whatever a library was given.
        (landing.work / connector.name / "trace.pickle").unlink(missing_ok=True)
    # What keeps the ledger from being written was the problem, or comes on top of one.
    with (
        suppress(WarehouseLocked, LakeError, duckdb.Error, OSError),
        turn(landing.warehouse),
        connect(landing.warehouse) as db,
    ):
        ledger.write_problem(db, connector.name, landing.as_of, str(problem))
    return Load(connector.name, (), str(problem))


def destination(warehouse: Warehouse) -> Destination[Any, Any]:
    """Return where dlt loads to: into the build file, or into the lake under its own name."""
    memory = {"memory_limit": MEMORY}
    if isinstance(warehouse, Path):
        return dlt.destinations.duckdb(DuckDbCredentials(str(warehouse), global_config=memory))
    lake = DuckLakeCredentials(NAME, SCHEMA, catalog=warehouse.catalog, storage=warehouse.files)
    lake.extensions = [f"'{file}'" for file in extensions()]
    lake.global_config = memory
    return dlt.destinations.ducklake(lake)


@contextmanager
def connect(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for writing, in UTC; raise `WarehouseLocked` when someone holds it."""
    if isinstance(warehouse, Path):
        warehouse.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            db = stack.enter_context(opened(warehouse))
        except duckdb.IOException as failure:
            if "Could not set lock" not in str(failure):
                raise
            raise WarehouseLocked(str(warehouse), _holder(str(failure))) from failure
        db.execute(f"set memory_limit = '{MEMORY}'")
        yield db


@contextmanager
def kept_open(warehouse: Warehouse) -> Iterator[None]:
    """Keep the build file open meanwhile: each opening beside it then costs next to nothing.

    Whoever can not have it is told so by the opening that needs it.
    """
    with ExitStack() as stack:
        with suppress(WarehouseLocked, LakeError, duckdb.Error):
            stack.enter_context(connect(warehouse))
        yield


def _holder(said: str) -> str:
    """Return who holds the file, by DuckDB's words; not every system tells the program."""
    held = re.search(r"held in (?:(?P<program>.+) \()?PID (?P<pid>\d+)", said)
    if held is None:
        return "another process"
    program = f" ({Path(held['program']).name})" if held["program"] else ""
    return f"process {held['pid']}{program}"


def ensure_tables(db: duckdb.DuckDBPyConnection, connectors: Mapping[str, Connector]) -> None:
    """Create what nobody has filled yet, so that a source that is off contributes zero rows."""
    for connector in connectors.values():
        db.execute(f"create schema if not exists raw_{connector.name}")
        for table in (*connector.tables, QUARANTINE):
            relation = f"raw_{connector.name}.{table.name}"
            empty = arrow_schema(table).empty_table()  # noqa: F841 - DuckDB reads it by name
            db.execute(f"create table if not exists {relation} as from empty")
            _add_missing(db, relation, table)


def _add_missing(db: duckdb.DuckDBPyConnection, relation: str, table: Table) -> None:
    empty = arrow_schema(table).empty_table()  # noqa: F841 - DuckDB reads it by name
    have = {row[0] for row in db.execute(f"describe {relation}").fetchall()}
    for name, kind, *_ in db.execute("describe from empty").fetchall():
        if name not in have:
            db.execute(f'alter table {relation} add column "{name}" {kind}')
    if "_dlt_load_id" not in have:
        db.execute(f"alter table {relation} add column _dlt_load_id varchar")


def _part_unread(source: str, tallies: Mapping[str, Tally]) -> str | None:
    """Return what could not be read while the rest was, in one line, or None."""
    problems = [problem for tally in tallies.values() for problem in tally.problems]
    if not problems:
        return None
    more = len(problems) - MOST_PROBLEMS
    rest = f"; and {more} more, see raw_{source}.{QUARANTINE.name}" if more > 0 else ""
    return f"{source}: {'; '.join(problems[:MOST_PROBLEMS])}{rest}"


def _listed(extracted: Extracted, last: Mapping[str, int]) -> dict[str, Listed]:
    """Return the lists that were read whole, of those that were loaded before."""
    whole = {
        table.name: Listed(extracted.tallies[table.name].living, last[table.name])
        for table in extracted.connector.tables
        if table.is_whole and table.name in last
    }
    tallies = extracted.tallies.items()
    return {name: Listed(*tally.emptied) for name, tally in tallies if tally.emptied} | whole


def _with_quarantine(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    return {**tallies, QUARANTINE.name: Tally(QUARANTINE)}


def package_files(pipeline: dlt.Pipeline) -> dict[str, list[Path]]:
    """Return the Parquet files of a package that waits to be loaded, by table; not dlt's own."""
    files: dict[str, list[Path]] = {}
    for load_id in pipeline.list_normalized_load_packages():
        for job in pipeline.get_load_package_info(load_id).jobs["new_jobs"]:
            table = job.job_file_info.table_name
            if job.file_path.endswith(".parquet") and not table.startswith("_dlt"):
                files.setdefault(table, []).append(Path(job.file_path))
    return files


def _append_new(pipeline: dlt.Pipeline, counts: Iterable[TableCount]) -> None:
    """Let a package's tables be appended where nothing in them replaces a row.

    They were held against raw just now, and a load that is killed half way is held against it
    again: what it brought is unchanged then.
    """
    added = {count.table for count in counts if count.new and not count.changed}
    for load_id in pipeline.list_normalized_load_packages():
        folder = Path(pipeline.working_dir) / "load" / "normalized" / load_id
        schema = json.loads((folder / "schema.json").read_text())
        for name in added & schema["tables"].keys():
            schema["tables"][name]["write_disposition"] = "append"
        (folder / "schema.json").write_text(json.dumps(schema))
