"""A Spark cluster, and the folder in which it and the warehouse hand each other tables as Parquet.

dbt builds on the cluster. All else sees tables through the warehouse, on each target alike: what a
build reads is written out before it, what it made is shown after it as views over Spark's files.
"""

import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from storage.errors import NoCluster, NoExtension
from storage.sql import named, quoted

PORT = 15002  # of a Connect server, where the address names none
BUILT = "built"  # Spark's tables; beside it, by schema, what is handed to it
KEPT = "kept"  # what stays from run to run, as the warehouse has it: a build starts from there
GROUPS = "_groups"  # what `identity.rounds` works with
LOOK = "_look"  # of a table when it was handed over; no reader of Parquet minds such a file
WAITS = 10  # seconds
# What a session needs to give DuckDB's answers, on whichever cluster (docs/scale-spark.md).
SESSION = {
    # dbt-spark turns it off: then a wrong cast is null and a sum that overflows a wrong number.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster's Connect server answers (`sc://host:port`), and the folder both can see."""

    remote: str = field(repr=False)  # may hold a token
    files: Path

    @property
    def address(self) -> str:
        """Where the server is, without what else its address may say."""
        found = urlsplit(self.remote)
        return f"{found.hostname}:{found.port or PORT}"

    def answers(self) -> None:
        """Raise where no call to the server can be made.

        Raises:
            NoExtension: pyspark is not installed here.
            NoCluster: nobody answers.
        """
        if find_spec("pyspark") is None:
            raise NoExtension("pyspark", "spark", "spark")
        host, _, port = self.address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), WAITS).close()
        except OSError as failure:
            raise NoCluster(self.address, str(failure.strerror or failure)) from failure

    @contextmanager
    def session(self) -> Iterator[Any]:
        """Yield a session that gives DuckDB's answers; it ends with the block."""
        from pyspark.sql.connect.session import SparkSession  # of an extra, and heavy

        self.answers()
        made = SparkSession.builder.remote(self.remote).create()
        try:
            for name, value in SESSION.items():
                made.conf.set(name, value)
            yield made
        finally:
            made.stop()

    def hand(
        self, db: duckdb.DuckDBPyConnection, table: tuple[str, str], look: str, under: str = ""
    ) -> bool:
        """Write out a table of the warehouse (schema, name); say whether it looks otherwise now."""
        schema, name = table
        folder = self.files / under / schema / name
        told = folder / LOOK
        if told.exists() and told.read_text() == look:
            return False
        made = folder.with_name(f".{name}")  # whoever is broken off leaves the old one
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        rows = quoted(f"{made}/rows.parquet")
        db.execute(f"copy {named(schema, name)} to {rows} (format parquet)")
        (made / LOOK).write_text(look)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
        return True

    def withdraw(self, table: tuple[str, str], under: str = "") -> None:
        """Delete what was handed over of a table that the warehouse no longer has."""
        shutil.rmtree(self.files.joinpath(under, *table), ignore_errors=True)

    def made(
        self, db: duckdb.DuckDBPyConnection, table: tuple[str, str], types: Mapping[str, str]
    ) -> str | None:
        """Return the query of a table that Spark made (schema, name); None where it has none.

        `types` are those that are promised, by column. An instant comes with UTC written to it,
        which in the warehouse every timestamp is in.
        """
        folder = self.files.joinpath(BUILT, *table)
        if not any(folder.rglob("*.parquet")):
            return None
        # A part of the folder's own path may look like a partition and is none.
        rows = f"read_parquet({quoted(f'{folder}/**/*.parquet')}, hive_partitioning = false)"
        found = db.execute(f"describe from {rows}").fetchall()
        columns = [
            f'cast("{column}" as {types.get(column.lower(), _plain(kind))}) as "{column}"'
            for column, kind, *_ in found
        ]
        return f"select {', '.join(columns)} from {rows}"

    def forget(self) -> list[Path]:
        """Delete every table that was handed over or made; return the folders they were in."""
        folders = self.folders()
        for folder in folders:
            shutil.rmtree(folder)
        return folders

    def folders(self) -> list[Path]:
        """Return the folders in which tables lie that were handed over or made, no others."""
        there = sorted(self.files.iterdir()) if self.files.exists() else []
        ours = (BUILT, KEPT, GROUPS)
        return [each for each in there if each.name in ours or any(each.glob(f"*/{LOOK}"))]


def _plain(kind: str) -> str:
    return "timestamp" if kind == "TIMESTAMP WITH TIME ZONE" else kind
