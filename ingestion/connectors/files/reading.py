"""One file under one mapping: read and judged in DuckDB, handed on as Arrow, summed up as a row."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.connector import ColumnType
from ingestion.connectors.files.contracts import raw_table
from ingestion.connectors.files.mapping import Mapping
from ingestion.connectors.files.read import Copy, UnreadableFile, literal, open_file
from ingestion.connectors.files.readers import Manner, read_as
from ingestion.connectors.files.statement import Part, Statement
from ingestion.landing import BROKEN_SHARE, QUARANTINE, Scope, arrow_schema

PAGE_ROWS = 200_000
SQL_TYPES: dict[ColumnType, str] = {
    "string": "varchar",
    "bigint": "bigint",
    "double": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}
FITS = "problem is null and not is_left_out"


@dataclass(frozen=True, slots=True)
class Report:
    """Rows of a file under a mapping: row_count = landed + quarantined + left_out.

    `missing` {column: {code: rows}} and `blank` {column: rows} count landed rows without a value;
    `unmapped` are the file's columns that no key of the mapping reads.
    """

    row_count: int
    landed: int
    quarantined: int
    left_out: int
    missing: dict[str, dict[str, int]]
    blank: dict[str, int]
    unmapped: list[str]


class Reading:
    """A file that was read whole and judged row by row, waiting to be handed on."""

    def __init__(
        self, file_name: str, copy: Copy, mapping: Mapping, db: duckdb.DuckDBPyConnection
    ) -> None:
        """Read the copy; `db` is a cursor of its own, its temporary tables die with it."""
        self.file_name, self.mapping, self.db = file_name, mapping, db
        self.db.execute("set TimeZone = 'UTC'")
        if mapping.is_undated:
            column = mapping.target.promise.event_date
            what = f"says no date ({mapping.contract}.{column} is not mapped)"
            remedy = f"give the mapping {mapping.kind} an as_of, the day at which the file was true"
            raise UnreadableFile(file_name, what, remedy)
        self.statement = Statement(mapping, open_file(self.db, file_name, copy, mapping))
        self._check_constants()
        try:
            self.db.execute(f"create temp table judged as {self.statement.judged}")
        except duckdb.OutOfMemoryException as large:
            remedy = "free some disk and memory, or split it"
            raise UnreadableFile(file_name, "is too large for this machine", remedy) from large
        except duckdb.Error as broken:
            what = f"can not be read ({str(broken).splitlines()[0][:160]})"
            raise UnreadableFile(file_name, what, "drop it again whole") from broken
        self._refuse_broken()

    def close(self) -> None:
        """Give the memory back."""
        self.db.close()

    @property
    def scope(self) -> Scope:
        """The rows of raw that this reading replaces as a whole."""
        where = {"file_name": self.file_name, "mapping": self.mapping.kind}
        return Scope(where, "gone_from_file")

    @cached_property
    def report(self) -> Report:
        parts = self.statement.parts
        coded = [part for part in parts if part.source.missing]
        counts = [f"histogram({part.missing}) filter (where {FITS})" for part in coded]
        counts += [f"count(*) filter (where {FITS} and {_is_blank(part)})" for part in parts]
        rows, landed, left_out, *rest = self._one(
            f"select count(*), count(*) filter (where {FITS}), "
            f"count(*) filter (where is_left_out), {', '.join(counts)} from judged"
        )
        codes, blanks = rest[: len(coded)], rest[len(coded) :]
        names = [part.name for part in parts]
        rows += self._rejects
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
        schema = arrow_schema(raw_table(self.mapping.target))
        columns, kinds = self._columns(), self.mapping.target.columns
        given = [name for name, value in columns.items() if not value.startswith("cast(null")]
        hashed = ", ".join(
            f"epoch_us({name})" if kinds[name] == "timestamp" else name for name in given
        )
        query = f"""
            with shaped as (
                select {", ".join(f"{value} as {name}" for name, value in columns.items())}
                from {self._identified} where {FITS}
            )
            select *, {literal(self.file_name)} as file_name,
                {literal(self.mapping.kind)} as mapping,
                {literal(self.mapping.digest)} as mapping_version,
                md5({literal(json.dumps(given))} || json_array({hashed})) as _content_hash,
                cast(null as varchar) as _deleted_reason
            from shaped
        """
        for batch in self.db.execute(query).to_arrow_reader(PAGE_ROWS):
            yield pa.Table.from_batches([batch]).select(schema.names).cast(schema)

    def bad(self) -> pa.Table:
        """Return the rows that do not fit, in the shape of the table `quarantine`."""
        name, kind = literal(self.file_name), literal(self.mapping.kind)
        query = f"""
            with bad as (
                select {kind} || ':' || rid as record_key,
                    problem || coalesce(': ''' || shown || '''', '') as reason,
                    json_object('file_name', {name}, 'row', row_number, 'cells', record) as record,
                    md5(record) || row_number() over (partition by record order by row_number)
                        as content
                from {self._identified} where problem is not null and not is_left_out
                {self._rejected_rows}
            )
            select md5({kind} || ':' || {name} || ':' || content) as quarantine_id,
                {literal(self.mapping.contract)} as source_table, record_key, reason,
                cast(record as varchar) as record, md5(reason || record) as _content_hash,
                cast(null as varchar) as _deleted_reason
            from bad
        """
        schema = arrow_schema(QUARANTINE)
        return self.db.execute(query).to_arrow_table().select(schema.names).cast(schema)

    @property
    def _identified(self) -> str:
        """SQL for the judged rows with their number and, where the file has none, a record id."""
        if not self.mapping.is_numbered:
            return "(select *, rowid + 1 as row_number from judged)"
        nth = "row_number() over (partition by rid order by rowid)"
        rid = f"{literal(self.file_name)} || ':' || rid || ':' || {nth} as rid"
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
        columns["source_record_id"] = f"{literal(mapping.kind + ':')} || rid"
        if mapping.contract == "survey_answers" and "response_id" not in parts:
            columns["response_id"] = self._prefixed("response_id", "rid")
        if mapping.extras:
            columns["attributes"] = self._attributes(parts)
        return columns

    def _prefixed(self, name: str, value: str) -> str:
        """Return SQL for an id with the name of its mapping or system in front."""
        whose = self.mapping.target.prefixed_by(name)
        prefix = {"kind": self.mapping.kind, "system": self.mapping.ids_of, None: None}[whose]
        return f"{literal(prefix + ':')} || {value}" if prefix else value

    def _attributes(self, parts: dict[str, Part]) -> str:
        pairs = [
            f"{literal(name)}, {parts[f'attributes.{name}'].value}"
            for name in sorted(self.mapping.extras)
        ]
        return f"cast(json_object({', '.join(pairs)}) as varchar)"

    def _constant(self, name: str) -> str:
        zone = self.mapping.time_zone
        manner = Manner(zone=literal(zone) if isinstance(zone, str) else "cast(null as varchar)")
        text = literal(self.mapping.declared[name])
        return read_as(self.mapping.target.columns[name], text, manner)

    def _check_constants(self) -> None:
        for name, said in self.mapping.declared.items():
            if self._one(f"select {self._constant(name)}")[0] is None:
                kind = self.mapping.target.columns[name]
                what = f"can not be read: mapping {self.mapping.kind}, constants.{name}: {said!r}"
                raise UnreadableFile(self.file_name, f"{what} is not a {kind}", "correct it")

    def _refuse_broken(self) -> None:
        """Raise where the file is not what the mapping takes it for."""
        swallowed = self._swallowed
        if swallowed is not None:
            what = f"opens a quote in line {swallowed} that never closes"
            raise UnreadableFile(self.file_name, what, "mend the line and drop the file again")
        report = self.report
        if not report.row_count:
            raise UnreadableFile(self.file_name, "has a header and no rows", "drop it again whole")
        told = report.landed + report.quarantined
        if report.quarantined > BROKEN_SHARE * told:
            what = f"does not fit its mapping in {report.quarantined} of {told} rows"
            often = f"mostly: {self._most_common}"
            remedy = f"correct the mapping {self.mapping.kind} or the file"
            raise UnreadableFile(self.file_name, f"{what} ({often})", remedy)

    @property
    def _most_common(self) -> str:
        found = self.db.execute(
            "select problem || coalesce(', like ''' || any_value(shown) || '''', '') from judged "
            "where problem is not null group by problem order by count(*) desc, problem limit 1"
        ).fetchone()
        return found[0] if found else "too few or too many columns"

    @cached_property
    def _has_rejects(self) -> bool:
        return self.statement.opened.relation.startswith("read_csv(")

    @cached_property
    def _rejects(self) -> int:
        """Lines that are no rows of the CSV's width."""
        if not self._has_rejects:
            return 0
        return int(self._one("select count(distinct line) from reject_errors")[0])

    @property
    def _swallowed(self) -> int | None:
        """The line from which on a broken quote took other lines with it."""
        if not self._has_rejects:
            return None
        line = self._one(
            "select min(line) from reject_errors where error_type = 'LINE SIZE OVER MAXIMUM' "
            "or (error_type = 'UNQUOTED VALUE' and contains(trim(csv_line, chr(10)), chr(10)))"
        )[0]
        return None if line is None else int(line)

    @property
    def _rejected_rows(self) -> str:
        """SQL that adds rejected lines; only where they stand, as they may hold any column."""
        if not self._has_rejects:
            return ""
        return f"""
            union all
            select null, 'the line is no row of the table: ' || lower(any_value(error_type)),
                json_object('file_name', {literal(self.file_name)}, 'line', line), 'line ' || line
            from reject_errors group by line
        """

    def _one(self, query: str) -> tuple[Any, ...]:
        row = self.db.execute(query).fetchone()
        assert row is not None
        return row


def _is_blank(part: Part) -> str:
    coded = f" and {part.missing} is null" if part.source.missing else ""
    return f"{part.value} is null{coded}"
