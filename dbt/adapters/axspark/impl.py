"""dbt-spark with five things of the house: SQL, session, lake, registries, Python models."""

import csv
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.base import available
from dbt.adapters.contracts.connection import AdapterResponse, Connection
from dbt.adapters.spark import SparkAdapter, SparkConnectionManager, SparkCredentials
from dbt.adapters.spark.session import Cursor, SessionConnectionWrapper
from dbt_common.exceptions import DbtRuntimeError
from pyspark.errors import PySparkException
from sqlglot import exp

from storage.cluster import BUILT, KEPT, SESSION
from translation.spark import translated
from translation.trees import Untranslatable

# It repeats on stderr, with all of Spark's own calls, each error that dbt tells anyway.
logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)


@dataclass
class AxSparkCredentials(SparkCredentials):
    """dbt-spark's, and where the lake is: folders `schema/table` of Parquet files."""

    lake: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.server_side_parameters |= SESSION

    @property
    def type(self) -> str:
        """Name the adapter as profiles do."""
        return "axspark"


class _Cursor(Cursor):
    """dbt-spark's, in the session it is given: the stock one asks for it at each statement."""

    def __init__(self, session: Any) -> None:
        super().__init__()
        self._session = session

    def execute(self, sql: str, *parameters: Any) -> None:
        """Run a statement; of an error, leave out where in Spark's own code it came up."""
        try:
            self._df = self._session.sql(sql % parameters if parameters else sql)
        except PySparkException as error:
            raise DbtRuntimeError(str(error).split("\n\nJVM stacktrace")[0]) from error


class AxSparkConnectionManager(SparkConnectionManager):
    """dbt-spark's, with one session of the house's settings for all threads."""

    TYPE = "axspark"
    _lock = threading.Lock()
    _session: Any = None

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open a connection; where it is a session's, in the one that all share."""
        opened = super().open(connection)
        if isinstance(opened.handle, SessionConnectionWrapper):
            opened.handle.handle.cursor = lambda: _Cursor(cls.session(connection.credentials))
        return opened

    @classmethod
    def session(cls, credentials: "AxSparkCredentials") -> Any:
        """Return the session, with what it needs to give DuckDB's answers."""
        from pyspark.sql import SparkSession

        with cls._lock:
            if cls._session is None:
                cls._session = SparkSession.builder.remote(credentials.host).getOrCreate()
                for name, value in credentials.server_side_parameters.items():
                    cls._session.conf.set(name, value)
            return cls._session


class AxSparkAdapter(SparkAdapter):
    """dbt-spark's adapter, with the house's SQL translated at its edge."""

    ConnectionManager = AxSparkConnectionManager

    @available
    def in_spark(self, sql: str) -> str:
        """Return a query of DuckDB as Spark's; refuse it by the name of what nobody reviewed."""
        try:
            return translated(sql, self._columns)
        except Untranslatable as refusal:
            raise DbtRuntimeError(str(refusal)) from refusal

    def _columns(self, table: exp.Table) -> list[str]:
        _, found = self.execute(f"show columns in {table.db}.{table.name}", fetch=True)
        return [str(row[0]) for row in found.rows]

    @available
    def show_lake(self, sources: Sequence[Mapping[str, Any]]) -> None:
        """Make a table of every source's folder anew, with the columns of all its files.

        A folder without a file has no table, not even the one it had: who reads it fails by name.
        """
        known = {schema: self._tables(schema) for schema in {s["schema"] for s in sources}}
        for source in sources:
            table = f"{source['schema']}.{source['identifier']}"
            if source["identifier"].lower() in known[source["schema"]]:
                self.execute(f"drop table {table}")
            self._show(table, f"{self.config.credentials.lake}/{table.replace('.', '/')}")

    def _tables(self, schema: str) -> set[str]:
        self.execute(f"create schema if not exists {schema}")
        _, found = self.execute(f"show tables in {schema}", fetch=True)
        return {str(row["tableName"]) for row in found.rows}

    def _show(self, table: str, folder: str) -> None:
        if "://" not in folder and not any(Path(folder).glob("**/*.parquet")):
            return
        try:
            self.execute(
                f"create table {table} using parquet options (mergeSchema 'true', path '{folder}')"
            )
        except DbtRuntimeError as error:
            if "UNABLE_TO_INFER_SCHEMA" not in str(error):
                raise

    @available
    def go_on_from(self, models: Sequence[Mapping[str, Any]]) -> None:
        """Make each table that is kept from run to run of the rows that the warehouse has of it.

        A folder without one leaves what is here: nobody kept it elsewhere.
        """
        for model in models:
            schema, name = model["schema"], model["alias"]
            folder = Path(self.config.credentials.lake) / KEPT / schema / name
            if not any(folder.glob("*.parquet")):
                continue
            table = self.Relation.create(schema=schema, identifier=name, type="table")
            self.execute(f"drop table if exists {schema}.{name}")
            self.execute(
                f"create table {schema}.{name} using parquet as select * from parquet.`{folder}`"
            )
            self.cache_added(table)

    @available
    def folder_of(self, schema: str) -> str:
        """Return where the tables of a schema lie that are made here."""
        return f"{self.config.credentials.lake}/{BUILT}/{schema}"

    @available
    def rows_of(self, model: Mapping[str, Any]) -> list[str]:
        """Return the rows of a registry as Spark writes values: nothing is null, and `null` a word.

        dbt's own reader takes that word for nothing, DuckDB's does not.
        """
        file = Path(model["root_path"] or ".") / model["original_file_path"]
        with file.open(encoding="utf-8", newline="") as text:
            _, *rows = csv.reader(text)
        return [f"({', '.join(map(_literal, row))})" for row in rows]

    def submit_python_job(
        self, parsed_model: dict[str, Any], compiled_code: str
    ) -> AdapterResponse:
        """Run a Python model beside dbt, as on DuckDB: its relations are of Spark's rows."""
        session = AxSparkConnectionManager.session(self.config.credentials)
        db = duckdb.connect()
        db.execute("set TimeZone = 'UTC'")
        scope: dict[str, Any] = {"__name__": parsed_model["name"]}
        exec(compile(compiled_code, parsed_model["original_file_path"], "exec"), scope)
        tables = scope["dbtObj"](lambda name: db.from_arrow(session.table(name).toArrow()))
        made = scope["model"](tables, None)
        relation = f"{parsed_model['schema']}.{parsed_model['alias']}"
        session.createDataFrame(made).write.mode("overwrite").format("parquet").saveAsTable(
            relation
        )
        return AdapterResponse("OK")


def _literal(value: str) -> str:
    return exp.Literal.string(value).sql(dialect="spark") if value else "null"
