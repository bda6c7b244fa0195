"""A publication: the file that leaves, and the Parquet exports beside it."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.scenario import Reach, Scenario, Timed
from orchestration import publish
from orchestration.exports import export
from orchestration.settings import Settings, read

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
TABLES = 8
ROW_BYTES = 64  # eight columns of eight bytes that do not pack


def built(folder: Path, size: int) -> None:
    """Build a file of so many megabytes in eight tables, all of it noise; publish it once."""
    current = _house(folder)
    if current.publication.exists():
        return
    current.publication.parent.mkdir(parents=True)
    rows = size * 2**20 // ROW_BYTES // TABLES
    with duckdb.connect(str(current.publication)) as db:
        for table in range(TABLES):
            columns = ", ".join(f"hash(i, {table}, {n}) as value_{n}" for n in range(8))
            db.execute(f"create table pub_mart_{table} as select {columns} from range({rows}) r(i)")
    publish.publish(current, AS_OF, {})


def published(folder: Path, _: int) -> Timed:
    """Publish the file again; exports are timed apart, so none is made here."""
    current = _house(folder)
    _settle(current)
    publish.export = _no_exports  # type: ignore[assignment]

    def timed() -> None:
        publish.publish(current, AS_OF, {})

    return timed


def copied(folder: Path, _: int) -> Timed:
    """Copy the file, flush it and hash it, each by the system's own program."""
    current, copy = _house(folder), folder / "copy.duckdb"
    copy.unlink(missing_ok=True)
    os.sync()

    def timed() -> None:
        for command in (["cp", str(current.publication)], ["sync"], ["sha256sum"]):
            subprocess.run([*command, str(copy)], check=True, capture_output=True)

    return timed


def one_changed(folder: Path, _: int) -> Timed:
    """Change one table of eight, then export the file beside the publication that is served."""
    current = _house(folder)
    with duckdb.connect(str(current.publication)) as db:
        db.execute("update pub_mart_0 set value_0 = value_0 + 1 where value_1 % 1000 = 0")
        db.execute("checkpoint")
    serving = next(p for p in publish.publications(current) if p.facts["parquet"])
    to = _fresh(folder / "exports")

    def timed() -> None:
        export(current.publication, to, serving.folder / publish.PARQUET, serving.facts)

    return timed


def all_written(folder: Path, _: int) -> Timed:
    """Export the file where there is nothing to take over."""
    current, to = _house(folder), _fresh(folder / "exports")

    def timed() -> None:
        export(current.publication, to)

    return timed


def _no_exports(file: Path, folder: Path, *_: object) -> dict[str, dict[str, object]]:
    folder.mkdir()
    return {"parquet": {}, "rows": {}, "contents": {}}


def _house(folder: Path) -> Settings:
    return read({"AX_DATA_DIR": str(folder / "house"), "AX_SOURCES": "files"})


def _settle(current: Settings) -> None:
    """Drop all but the first publication, and let what was written before reach the disk."""
    for kept in publish.publications(current):
        if not kept.facts["parquet"]:
            shutil.rmtree(kept.folder)
    os.sync()


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    os.sync()
    return folder


SCENARIOS = [
    Scenario(
        name="publication",
        does="a file published: copied, flushed, hashed, renamed; its Parquet exports apart",
        ours=published,
        beside="`cp`, `sync` and `sha256sum` of it",
        yardstick=copied,
        reach=Reach(1.5),
        prepare=built,
        size=2048,
        of="MB",
    ),
    Scenario(
        name="publication_exports",
        does="its Parquet exports, one table of eight changed",
        ours=one_changed,
        beside="all eight written",
        yardstick=all_written,
        prepare=built,
        size=2048,
        of="MB",
    ),
]
