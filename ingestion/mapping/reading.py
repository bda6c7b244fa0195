"""A table of texts under a mapping: judged in DuckDB, handed on as Arrow, summed up as a report."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import duckdb
import pyarrow as pa

from ingestion.connector import ColumnType
from ingestion.connector import Table as RawTable
from ingestion.landing import BROKEN_SHARE, QUARANTINE, Page, Scope, arrow_schema
from ingestion.mapping.contracts import raw_table
from ingestion.mapping.mapping import Mapping
from ingestion.mapping.readers import Manner, read_as
from ingestion.mapping.statement import Part, Statement
from ingestion.mapping.texts import Opened, Unreadable
from storage.sql import quoted

PAGE_ROWS = 200_000
SQL_TYPES: dict[ColumnType, str] = {
    "string": "varchar",
    "bigint": "bigint",
    "double": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}
DELETED = "deleted_in_source"
FITS = "problem is null and not is_left_out"


@dataclass(frozen=True, slots=True)
class Report:
    """Rows read under a mapping: row_count = landed + quarantined + left_out.

    `missing` {column: {code: rows}} and `blank` {column: rows} count landed rows without a value;
    `unmapped` are the columns that no key of the mapping reads.
    """

    row_count: int
    landed: int
    quarantined: int
    left_out: int
    missing: dict[str, dict[str, int]]
    blank: dict[str, int]
    unmapped: list[str]

    @property
    def told(self) -> dict[str, Any]:
        """What a connector's own table says of it."""
        return {
            "row_count": self.row_count,
            "landed": self.landed,
            "quarantined": self.quarantined,
            "left_out": self.left_out,
            "missing": json.dumps(self.missing, sort_keys=True),
            "blank": json.dumps(self.blank, sort_keys=True),
        }


class Reading(ABC):
    """Rows that were read and judged one by one, waiting to be handed on.

    A connector says with `judge` how they come, and with `place` where they were.
    """

    def __init__(
        self, name: str, place: Table[str, str], mapping: Mapping, db: duckdb.DuckDBPyConnection
    ) -> None:
        """Read; `db` is a cursor of its own, its temporary tables die with it."""
        self.name, self.place, self.mapping, self.db = name, place, mapping, db
        self.db.execute("set TimeZone = 'UTC'")
        if mapping.is_undated:
            column = mapping.target.promise.event_date
            what = f"says no date ({mapping.contract}.{column} is not mapped)"
            remedy = f"give the mapping {mapping.kind} an as_of, the day at which this was true"
            raise self.unreadable(what, remedy)
        self.check_constants()
        self.statement = Statement(mapping, self.open())
        self.judge()
        self.refuse_broken()

    @abstractmethod
    def open(self) -> Opened:
        """Return the table of texts."""

    @abstractmethod
    def judge(self) -> None:
        """Make the temporary table `judged` of the statement."""

    @abstractmethod
    def refuse_broken(self) -> None:
        """Raise where the rows are not what the mapping takes them for."""

    @abstractmethod
    def unreadable(self, what: str, remedy: str) -> Unreadable:
        """Return the sentence that says why nothing was read."""

    told_by: ClassVar[str]  # the column of raw that says who tells of a record
    gone: ClassVar[str]  # what the tombstone says of a record that is told of no more

    def close(self) -> None:
        """Give the memory back."""
        self.db.close()

    @property
    def scope(self) -> Scope | None:
        """The rows of raw that this reading replaces as a whole."""
        return Scope({**self.place, "mapping": self.mapping.kind}, self.gone)

    @cached_property
    def report(self) -> Report:
        parts = self.statement.parts
        coded = [part for part in parts if part.source.missing]
        counts = [f"histogram({part.missing}) filter (where {FITS})" for part in coded]
        counts += [f"count(*) filter (where {FITS} and {_is_blank(part)})" for part in parts]
        rows, landed, left_out, *rest = self.one(
            f"select count(*), count(*) filter (where {FITS}), "
            f"count(*) filter (where is_left_out), {', '.join(counts)} from judged"
        )
        codes, blanks = rest[: len(coded)], rest[len(coded) :]
        names = [part.name for part in parts]
        rows += self.rejects
        return Report(
            row_count=rows,
            landed=landed,
            quarantined=rows - landed - left_out,
            left_out=left_out,
            missing={part.name: found for part, found in zip(coded, codes, strict=True) if found},
            blank={name: count for name, count in zip(names, blanks, strict=True) if count},
            unmapped=sorted(set(self.statement.opened.header) - set(self.mapping.headers)),
        )

    def good(self) -> Iterator[pa.Table]:
        """Yield the rows that fit, in the shape of their raw table."""
        schema = arrow_schema(raw_table(self.mapping.target, self.told_by, tuple(self.place)))
        columns, kinds = self._columns(), self.mapping.target.columns
        given = [name for name, value in columns.items() if not value.startswith("cast(null")]
        hashed = ", ".join(
            f"epoch_us({name})" if kinds[name] == "timestamp" else name for name in given
        )
        placed = ", ".join(f"{quoted(value)} as {name}" for name, value in self.place.items())
        hashed += ", _deleted_reason" if self.mapping.soft_delete else ""
        query = f"""
            with shaped as (
                select {", ".join(f"{value} as {name}" for name, value in columns.items())},
                    case when is_deleted then '{DELETED}' end as _deleted_reason
                from {self._identified} where {FITS}
            )
            select *, {placed},
                {quoted(self.mapping.kind)} as mapping,
                {quoted(self.mapping.digest)} as mapping_version,
                md5({quoted(json.dumps(given))} || json_array({hashed})) as _content_hash
            from shaped
        """
        for batch in self.db.execute(query).to_arrow_reader(PAGE_ROWS):
            yield pa.Table.from_batches([batch]).select(schema.names).cast(schema)

    def bad(self) -> pa.Table:
        """Return the rows that do not fit, in the shape of the table `quarantine`."""
        name, kind = quoted(self.name), quoted(self.mapping.kind)
        query = f"""
            with bad as (
                select {kind} || ':' || rid as record_key,
                    problem || coalesce(': ''' || shown || '''', '') as reason,
                    {self.locate("row_number")} as record,
                    md5(record) || row_number() over (partition by record order by row_number)
                        as content
                from {self._identified} where problem is not null and not is_left_out
                {self.rejected_rows}
            )
            select md5({kind} || ':' || {name} || ':' || content) as quarantine_id,
                {quoted(self.mapping.contract)} as source_table, record_key, reason,
                cast(record as varchar) as record, md5(reason || record) as _content_hash,
                cast(null as varchar) as _deleted_reason
            from bad
        """
        schema = arrow_schema(QUARANTINE)
        return self.db.execute(query).to_arrow_table().select(schema.names).cast(schema)

    def locate(self, row: str) -> str:
        """Return SQL for what quarantine keeps of a row: where it was, and its mapped cells."""
        placed = ", ".join(f"{quoted(k)}, {quoted(v)}" for k, v in self.place.items())
        return f"json_object({placed}, 'row', {row}, 'cells', record)"

    @property
    def rejects(self) -> int:
        """Rows that did not even become rows of the table."""
        return 0

    @property
    def rejected_rows(self) -> str:
        """SQL that adds them to the rows that do not fit."""
        return ""

    @property
    def _identified(self) -> str:
        """SQL for the judged rows with their number and, where there is none, a record id."""
        if not self.mapping.is_numbered:
            return "(select *, rowid + 1 as row_number from judged)"
        nth = "row_number() over (partition by rid order by rowid)"
        rid = f"{quoted(self.name)} || ':' || rid || ':' || {nth} as rid"
        return f"(select * replace ({rid}), rowid + 1 as row_number from judged)"

    def _columns(self) -> dict[str, str]:
        """Return SQL for each column of the contract."""
        mapping, parts = self.mapping, {part.name: part for part in self.statement.parts}
        columns = {}
        for name, kind in mapping.target.columns.items():
            if name in parts:
                columns[name] = self._prefixed(name, parts[name].value)
            elif name in mapping.declared:
                columns[name] = self._prefixed(name, self._constant(name))
            else:
                columns[name] = f"cast(null as {SQL_TYPES[kind]})"
        columns[mapping.target.key] = self._prefixed(mapping.target.key, "rid")
        columns["source_record_id"] = f"{quoted(mapping.kind + ':')} || rid"
        record = mapping.target.promise.record
        if record and record not in parts:
            columns[record] = self._prefixed(record, "rid")
        if mapping.extras:
            columns["attributes"] = self._attributes(parts)
        return columns

    def _prefixed(self, name: str, value: str) -> str:
        """Return SQL for an id with the name of its mapping or system in front."""
        whose = self.mapping.target.prefixed_by(name)
        prefix = {"kind": self.mapping.kind, "system": self.mapping.ids_of, None: None}[whose]
        return f"{quoted(prefix + ':')} || {value}" if prefix else value

    def _attributes(self, parts: dict[str, Part]) -> str:
        pairs = [
            f"{quoted(name)}, {parts[f'attributes.{name}'].value}"
            for name in sorted(self.mapping.extras)
        ]
        return f"cast(json_object({', '.join(pairs)}) as varchar)"

    def _constant(self, name: str) -> str:
        zone = self.mapping.time_zone
        manner = Manner(zone=quoted(zone) if isinstance(zone, str) else "cast(null as varchar)")
        text = quoted(self.mapping.declared[name])
        return read_as(self.mapping.target.columns[name], text, manner)

    def check_constants(self) -> None:
        """Raise where a value that the mapping declares is none of its column."""
        target = self.mapping.target
        for name, said in self.mapping.declared.items():
            broken, sentence = target.promise.limits.get(name, ("false", ""))
            value = self._constant(name)
            read, is_broken = self.one(f"select {value}, {broken.format(value)}")
            if read is None:
                sentence = f"is not a {target.columns[name]}"
            if read is None or is_broken:
                what = f"can not be read: mapping {self.mapping.kind}, constants.{name}: {said!r}"
                raise self.unreadable(f"{what} {sentence}", "correct it")

    def refuse_misfits(self) -> None:
        """Raise where most rows do not fit: more likely the mapping is wrong."""
        told = self.report.landed + self.report.quarantined
        if self.report.quarantined > BROKEN_SHARE * told:
            what = f"does not fit its mapping in {self.report.quarantined} of {told} rows"
            often = f"mostly: {self._most_common}"
            remedy = f"correct the mapping {self.mapping.kind} or the source"
            raise self.unreadable(f"{what} ({often})", remedy)

    @property
    def _most_common(self) -> str:
        found = self.db.execute(
            "select problem || coalesce(', like ''' || any_value(shown) || '''', '') from judged "
            "where problem is not null group by problem order by count(*) desc, problem limit 1"
        ).fetchone()
        return found[0] if found else "too few or too many columns"

    def one(self, query: str) -> tuple[Any, ...]:
        """Return the one row of a query."""
        row = self.db.execute(query).fetchone()
        assert row is not None
        return row


def _is_blank(part: Part) -> str:
    coded = f" and {part.missing} is null" if part.source.missing else ""
    return f"{part.value} is null{coded}"


def pages(
    table: RawTable, contract: str, readings: Iterable[Reading], scopes: Iterable[tuple[str, Scope]]
) -> Iterator[Page]:
    """Yield what one look found for a contract: rows that fit, misfits, and what is gone."""
    nothing = arrow_schema(table).empty_table()
    aside = arrow_schema(QUARANTINE).empty_table()
    for reading in readings:
        if reading.mapping.contract == contract:
            for rows in reading.good():
                yield Page(rows, aside)
            yield Page(nothing, reading.bad(), reading.scope)
            reading.close()
    for name, scope in scopes:
        if name == contract:
            yield Page(nothing, aside, scope)
