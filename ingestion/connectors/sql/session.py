"""One connection to a database, inside one snapshot: a query goes in, Arrow tables come out.

PostgreSQL answers in Arrow by ADBC; every other database by its SQLAlchemy driver. Both are table
loaders of dlt's `sql_database`.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import sqlalchemy as sa
from dlt.sources.sql_database.helpers import BaseTableLoader, TableLoader
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.mock import MockConnection

from ingestion.connectors.sql.trouble import Trouble, trouble

CHUNK_ROWS = 50_000
WAIT_SECONDS = "15"
# What makes text out of values is the same whatever the role or the server has set.
POSTGRES_SETUP = (
    "set transaction isolation level repeatable read, read only",
    "set local time zone 'UTC'",
    "set local datestyle = 'ISO, YMD'",
    "set local intervalstyle = 'iso_8601'",
    "set local bytea_output = 'hex'",
    "set local extra_float_digits = 1",
)
# As far as a database knows a snapshot of several statements.
SNAPSHOTS = {"mysql": "REPEATABLE READ", "mariadb": "REPEATABLE READ", "mssql": "SNAPSHOT"}


class Session(Protocol):
    """A connection that sees the database as it was at one moment, where the database can."""

    @property
    def dialect(self) -> sa.Dialect:
        """Return how the database writes its SQL."""
        ...

    def pages(self, query: sa.Select[Any]) -> Iterator[pa.Table]:
        """Yield the answer in pages, the memory of one page at a time."""
        ...

    def renew(self) -> None:
        """Begin anew after a failure, which may have ended the transaction."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


def connect(url: str) -> Session:
    """Connect by the URL of a setting; raise `Trouble`, which never says what stands in it."""
    try:
        where = sa.make_url(url)
        # ADBC's libpq reads URLs of this form; a driver named in it is SQLAlchemy's.
        return Adbc(where) if where.drivername == "postgresql" else Driver(where)
    except Trouble:
        raise
    except Exception as failure:
        raise trouble(failure) from None


class _ArrowLoader(BaseTableLoader):
    """dlt's loader for a query that ADBC answers."""

    def load_rows(self, backend_kwargs: dict[str, Any] | None = None) -> Iterator[pa.Table]:
        connection = (backend_kwargs or {})["connection"]
        with connection.cursor() as cursor:
            cursor.execute(self.compile_query(self.make_query()))
            for batch in cursor.fetch_record_batch():
                yield pa.Table.from_batches([batch])

    def compile_query(self, query: Any) -> str:
        bound = query.compile(dialect=self.engine.dialect, compile_kwargs={"literal_binds": True})
        return str(bound)


class _RowLoader(TableLoader):
    """dlt's loader for a query that a SQLAlchemy driver answers, in a transaction that stays."""

    def _load_rows(self, query: Any, backend_kwargs: dict[str, Any]) -> Iterator[pa.Table]:
        options = {"yield_per": self.chunk_size}  # a cursor of the server, where it has one
        result = backend_kwargs["connection"].execution_options(**options).execute(query)
        try:
            yield from self._convert_result(result, backend_kwargs)
        finally:
            result.close()


class Adbc:
    """PostgreSQL, columnar from the wire on."""

    def __init__(self, where: sa.URL) -> None:
        try:
            from adbc_driver_postgresql import dbapi
        except ImportError as absent:
            raise Trouble(
                "needs the driver of PostgreSQL",
                "install it (`pip install ax-warehouse[postgres]`)",
            ) from absent
        asked = {"connect_timeout": WAIT_SECONDS, "client_encoding": "UTF8", **where.query}
        uri = where.set(query=asked).render_as_string(hide_password=False)
        # Only its SQL is wanted of SQLAlchemy; "named" leaves a per cent sign as it is.
        self.dialect = postgresql.dialect(paramstyle="named")
        self.engine = MockConnection(self.dialect, lambda *_: None)
        # libpq wants a space escaped.
        self.connection = dbapi.connect(uri.replace(" ", "%20"), autocommit=False)
        self._begin()

    def _begin(self) -> None:
        with self.connection.cursor() as cursor:
            for statement in POSTGRES_SETUP:
                cursor.execute(statement)

    def pages(self, query: sa.Select[Any]) -> Iterator[pa.Table]:
        """Yield record batches as they arrive."""
        yield from _load(_ArrowLoader, self.engine, query, self.connection)

    def renew(self) -> None:
        """Begin another transaction."""
        with suppress(Exception):  # a connection that is gone says so at its next query
            self.connection.rollback()
            self._begin()

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()


class Driver:
    """Any database for which SQLAlchemy has a driver."""

    def __init__(self, where: sa.URL) -> None:
        is_lite = where.get_backend_name() == "sqlite"
        if is_lite and where.database and not Path(where.database).is_file():
            # SQLite would make an empty one.
            raise Trouble("is no file", "correct the path of its URL")
        level = SNAPSHOTS.get(where.get_backend_name())
        if where.get_backend_name() == "postgresql":
            level = "REPEATABLE READ"
        self.engine = sa.create_engine(where, **({"isolation_level": level} if level else {}))
        self.dialect = self.engine.dialect
        self.connection = self.engine.connect()
        if is_lite:
            # A text may be bytes of anything.
            raw: Any = self.connection.connection.dbapi_connection
            raw.text_factory = lambda text: text.decode(errors="replace")
            self.connection.exec_driver_sql("pragma query_only = on")
        self._begin()

    def _begin(self) -> None:
        if self.dialect.name == "sqlite":  # elsewhere the first statement begins it
            self.connection.exec_driver_sql("begin")

    def pages(self, query: sa.Select[Any]) -> Iterator[pa.Table]:
        """Yield as many rows at a time as one chunk holds."""
        yield from _load(_RowLoader, self.engine, query, self.connection)

    def renew(self) -> None:
        """Begin another transaction."""
        with suppress(
            sa.exc.SQLAlchemyError
        ):  # a connection that is gone says so at its next query
            self.connection.rollback()
            self._begin()

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()
        self.engine.dispose()


def _load(
    loader: type[BaseTableLoader], engine: Any, query: sa.Select[Any], connection: Any
) -> Iterator[pa.Table]:
    """Let dlt's loader ask, and say in words what fails on the way."""
    columns: Any = {c.name: {"name": c.name, "data_type": "text"} for c in query.selected_columns}
    table: Any = query.get_final_froms()[0]
    asking = loader(
        engine, "pyarrow", table, columns, CHUNK_ROWS, query_adapter_callback=lambda *_: query
    )
    try:
        yield from asking.load_rows({"connection": connection})
    except Exception as failure:
        raise trouble(failure) from None
