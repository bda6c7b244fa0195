"""One file under one mapping, read whole."""

from functools import cached_property

import duckdb

from ingestion.connectors.files.mapping import FileMapping
from ingestion.connectors.files.read import Copy, UnreadableFile, open_file
from ingestion.mapping.reading import Reading
from ingestion.mapping.texts import Opened
from storage.sql import quoted


class FileReading(Reading):
    """A file that was read whole and judged row by row, waiting to be handed on."""

    mapping: FileMapping
    told_by = "file_name"
    gone = "gone_from_file"

    def __init__(
        self, file_name: str, copy: Copy, mapping: FileMapping, db: duckdb.DuckDBPyConnection
    ) -> None:
        self.copy = copy
        super().__init__(file_name, {"file_name": file_name}, mapping, db)

    def open(self) -> Opened:
        """Return the file as a table of texts."""
        return open_file(self.db, self.name, self.copy, self.mapping)

    def judge(self) -> None:
        """Read the file in one SELECT."""
        try:
            self.db.execute(f"create temp table judged as {self.statement.judged}")
        except duckdb.OutOfMemoryException as large:
            remedy = "free some disk and memory, or split it"
            raise self.unreadable("is too large for this machine", remedy) from large
        except duckdb.Error as broken:
            what = f"can not be read ({str(broken).splitlines()[0][:160]})"
            raise self.unreadable(what, "drop it again whole") from broken

    def unreadable(self, what: str, remedy: str) -> UnreadableFile:
        """Return the sentence that says why the file was not read."""
        return UnreadableFile(self.name, what, remedy)

    def refuse_broken(self) -> None:
        """Raise where the file is not what the mapping takes it for."""
        if self._swallowed is not None:
            what = f"opens a quote in line {self._swallowed} that never closes"
            raise self.unreadable(what, "mend the line and drop the file again")
        if not self.report.row_count:
            raise self.unreadable("has a header and no rows", "drop it again whole")
        self.refuse_misfits()

    @cached_property
    def _has_rejects(self) -> bool:
        return self.statement.opened.relation.startswith("read_csv(")

    @cached_property
    def rejects(self) -> int:
        """Lines that are no rows of the CSV's width."""
        if not self._has_rejects:
            return 0
        return int(self.one("select count(distinct line) from reject_errors")[0])

    @property
    def _swallowed(self) -> int | None:
        """The line from which on a broken quote took other lines with it."""
        if not self._has_rejects:
            return None
        line = self.one(
            "select min(line) from reject_errors where error_type = 'LINE SIZE OVER MAXIMUM' "
            "or (error_type = 'UNQUOTED VALUE' and contains(trim(csv_line, chr(10)), chr(10)))"
        )[0]
        return None if line is None else int(line)

    @property
    def rejected_rows(self) -> str:
        """SQL that adds rejected lines; only where they stand, as they may hold any column."""
        if not self._has_rejects:
            return ""
        return f"""
            union all
            select null, 'the line is no row of the table: ' || lower(any_value(error_type)),
                json_object('file_name', {quoted(self.name)}, 'line', line), 'line ' || line
            from reject_errors group by line
        """
