"""A copy of what is published in another database, for tools that do not open files; through dlt.

The rows travel into a schema beside the one that people read. Then, in one transaction, each table
is emptied and filled from there: readers see the former publication or the new one, all tables of
it, and grants and views stay. Only `pub_*` leaves, as in the file.
"""

import shutil
from pathlib import Path
from typing import Any

import dlt
import duckdb
import pyarrow as pa
from dlt.common.schema.typing import TWriteDisposition

import ingestion.pipeline  # noqa: F401 # keeps dlt from calling home
from dashboards import dictionary
from ingestion.secrets import scrubbed
from orchestration.errors import NotCopied
from orchestration.exports import relations
from orchestration.settings import Settings, lent

SCHEMA, NEXT = "ax", "ax_next"
BATCH = 100_000
# Of the destinations that know `comment on`, those on which it was tried.
COMMENTED = ("postgres",)
# A copy has the columns of the file and none of dlt's own.
PLAIN = {"NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID": "false"}


def copy(marts: Path, to: str, work: Path) -> dict[str, int]:
    """Copy the published file into the destination `to` and return the rows of each table.

    `to` is a destination of dlt that speaks SQL and knows transactions (postgres, mssql, redshift,
    snowflake); its credentials lie where dlt looks for `destination.published`. Raises NotCopied;
    readers of the copy keep what they had.
    """
    shutil.rmtree(work, ignore_errors=True)
    with lent(PLAIN):
        try:
            there = dlt.destination("published", destination_type=f"dlt.destinations.{to}")
            tables = _tables(marts)
            rows = {name: table.num_rows for name, table in tables.items()}
            _pipeline(NEXT, there, work).run(_resources(tables, "replace"))
            shapes = {name: table.slice(0, 0) for name, table in tables.items()}
            served = _pipeline(SCHEMA, there, work)
            served.run(_resources(shapes, "append"))
            told = _told(marts) if to in COMMENTED else {}
            _swap(served, {name: table.column_names for name, table in tables.items()}, told)
        except Exception as failure:  # of any driver; the sentence names it
            raise NotCopied(to, scrubbed(_last_words(failure))) from failure
    return rows


def renew(current: Settings) -> dict[str, int]:
    """Bring what readers of the files have into the other database; {} where none is named."""
    if current.copy_to is None:
        return {}
    return copy(current.serving, current.copy_to, current.work / "copy")


def _pipeline(schema: str, there: Any, work: Path) -> Any:
    return dlt.pipeline(
        f"published_{schema}", pipelines_dir=str(work), destination=there, dataset_name=schema
    )


def _resources(tables: dict[str, pa.Table], how: TWriteDisposition) -> list[Any]:
    return [
        dlt.resource([table], name=name, write_disposition=how) for name, table in tables.items()
    ]


def _tables(marts: Path) -> dict[str, pa.Table]:
    with duckdb.connect(str(marts), read_only=True) as db:
        names = [name for name in relations(db) if name.startswith("pub_")]
        return {name: db.table(name).to_arrow_table(BATCH) for name in names}


def _told(marts: Path) -> dict[str, dict[str, Any]]:
    with duckdb.connect(str(marts), read_only=True) as db:
        return {table["name"]: table for table in dictionary.tables(db)}


def _comments(client: Any, table: str, told: dict[str, Any]) -> str:
    """Return the statements that put a table's descriptions where tools look for them."""
    quoted, literal = client.capabilities.escape_identifier, client.capabilities.escape_literal
    columns = [(f"column {table}.{quoted(c['name'])}", c["comment"]) for c in told["columns"]]
    return ";".join(
        f"comment on {what} is {literal(words)}"
        for what, words in ((f"table {table}", told["comment"]), *columns)
        if words
    )


def _swap(served: Any, columns: dict[str, list[str]], told: dict[str, dict[str, Any]]) -> None:
    """Give readers the new rows of all tables at once, and drop what is published no more."""
    with served.sql_client() as client:
        quoted = client.capabilities.escape_identifier
        with client.with_alternative_dataset_name(NEXT):
            fresh = {name: client.make_qualified_table_name(name) for name in columns}
        gone = [name for name in served.default_schema.data_table_names() if name not in columns]
        with client.begin_transaction():
            for name, of_table in columns.items():
                table = client.make_qualified_table_name(name)
                all_columns = ", ".join(quoted(column) for column in of_table)
                client.execute_sql(f"delete from {table}")
                client.execute_sql(
                    f"insert into {table} ({all_columns}) select {all_columns} from {fresh[name]}"
                )
                if name in told and (comments := _comments(client, table, told[name])):
                    client.execute_sql(comments)
            for name in gone:
                client.execute_sql(f"drop table if exists {client.make_qualified_table_name(name)}")
        with client.with_alternative_dataset_name(NEXT):
            client.drop_dataset()


def _last_words(failure: BaseException) -> str:
    while failure.__cause__:
        failure = failure.__cause__
    return " ".join(str(failure).split())[:300] or type(failure).__name__
