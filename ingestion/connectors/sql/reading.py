"""One table under one mapping: the whole list, or what its cursor says has changed."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from ingestion.connectors.sql.database import TableMapping
from ingestion.connectors.sql.session import Session
from ingestion.connectors.sql.trouble import Trouble
from ingestion.landing import Scope
from ingestion.mapping.reading import Reading
from ingestion.mapping.texts import UNSTORABLE, Opened, Unreadable
from storage.sql import quoted

TEXT = sa.String()


class TableReading(Reading):
    """A table that was read inside one snapshot and judged row by row.

    `start` is the cursor value from which on rows are read, None for the whole list;
    `landed_before` how many rows the last whole list had.
    """

    mapping: TableMapping
    told_by = "mapping"
    gone = "gone_from_table"

    def __init__(
        self,
        session: Session,
        mapping: TableMapping,
        db: duckdb.DuckDBPyConnection,
        start: str | None = None,
        landed_before: int = 0,
    ) -> None:
        self.session, self.start, self.landed_before = session, start, landed_before
        super().__init__(mapping.name, {"database": mapping.database}, mapping, db)

    @property
    def scope(self) -> Scope | None:
        """The whole table, where its whole list was read."""
        return super().scope if self.start is None else None

    def open(self) -> Opened:
        """Return where a page of rows will stand, NUL taken out of its texts."""
        header = tuple(self.mapping.headers)
        texts = ", ".join(
            f"replace(c{at}, chr(0), {quoted(UNSTORABLE)}) as c{at}" for at in range(len(header))
        )
        return Opened(f"(select {texts} from page)", header)

    def judge(self) -> None:
        """Read page by page, so that a long table takes the memory of a short one."""
        is_new = True
        for page in self._pages():
            self.db.register("page", page)
            begin = "create temp table judged as" if is_new else "insert into judged"
            self.db.execute(f"{begin} {self.statement.judged}")
            is_new = False
        self.db.unregister("page")

    def _pages(self) -> Iterator[pa.Table]:
        names = [f"c{at}" for at in range(len(self.mapping.headers))]
        yield pa.table({name: pa.array([], pa.string()) for name in names})
        try:
            for page in self.session.pages(self._query()):
                yield page.rename_columns(names)
        except Trouble as met:
            raise self.unreadable(met.what, met.remedy) from met

    def _query(self) -> sa.Select[Any]:
        """Every declared column as the database writes it, of the rows that are to be read."""
        table = table_of(self.mapping)
        texts: list[Any] = [
            sa.cast(table.c[column], TEXT).label(f"c{at}")
            for at, column in enumerate(self.mapping.headers)
        ]
        query = sa.select(*texts).select_from(table)
        if self.start is None or self.mapping.cursor is None:
            return query
        cursor = table.c[self.mapping.cursor.column]
        return query.where(sa.or_(cursor >= self._bound(self.start), cursor.is_(None)))

    def _bound(self, start: str) -> Any:
        """Return a literal without a type, which any database reads as what the column holds."""
        is_lite = self.session.dialect.name == "sqlite"
        text = start[:19] if is_lite and ":" in start else start  # its times are texts
        return sa.bindparam("start", text, TEXT, literal_execute=True)

    def unreadable(self, what: str, remedy: str) -> Unreadable:
        """Return the sentence that says why the table was not read."""
        return Unreadable("sql", self.name, what, remedy)

    def locate(self, row: str) -> str:
        """Return where a misfit was; a table numbers no rows."""
        return super().locate("null")

    def refuse_broken(self) -> None:
        """Raise where the rows are not what the mapping takes them for.

        Of a few changed rows all may be wrong; of a whole list most may not.
        """
        twice = self.db.execute(
            "select rid, count(*) from judged where rid is not null "
            "group by rid having count(*) > 1 limit 1"
        ).fetchone()
        if twice:
            what = f"has {twice[1]} rows for one record id (like {twice[0][:40]!r})"
            raise self.unreadable(what, "name every column of its key under record_id")
        if self.start is None:
            self.refuse_misfits()
            if self.landed_before and not self.report.row_count:
                what = f"is empty and had {self.landed_before} rows"
                remedy = "fill it again, or take it out of its YAML if they are to go"
                raise self.unreadable(what, remedy)


def table_of(mapping: TableMapping) -> sa.TableClause:
    """Return the table with the columns that are asked for."""
    *schema, name = mapping.table.split(".")
    columns = [*mapping.headers, *([mapping.cursor.column] if mapping.cursor else [])]
    asked: list[Any] = [sa.column(column) for column in dict.fromkeys(columns)]
    return sa.table(name, *asked, schema=schema[0] if schema else None)


def greatest(session: Session, mapping: TableMapping) -> str | None:
    """Return the greatest cursor value there is; raise `Trouble` where there is no asking."""
    assert mapping.cursor is not None
    table = table_of(mapping)
    top = sa.cast(sa.func.max(table.c[mapping.cursor.column]), TEXT).label("top")
    for page in session.pages(sa.select(top).select_from(table)):
        for value in page["top"].to_pylist():
            return None if value is None else str(value)
    return None
