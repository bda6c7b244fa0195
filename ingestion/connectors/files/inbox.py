"""What is new in the inbox: files by name, size and hash, each under every mapping that names it.

What was read is remembered in dlt's state, which is committed together with the rows it led to.
"""

from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from ingestion.connectors.files.catalogue import Catalogue, MissingFolder
from ingestion.connectors.files.mapping import FileMapping
from ingestion.connectors.files.read import Copy, UnreadableFile, copy_whole, is_finished
from ingestion.connectors.files.reading import FileReading
from ingestion.connectors.files.record import Row, file_id, read_record, record
from ingestion.landing import Scope

WITHDRAWN = "withdrawn"  # a file moved into this folder of the inbox takes its rows back
MEMORY = "512MB"  # above it DuckDB spills


@dataclass(slots=True)
class Look:
    """What one look into the inbox found.

    `files` are rows of the table `files`, `scopes` (contract, scope) the rows that an earlier look
    landed and that no longer hold, `problems` {name: sentence} what could not be read. `aside` is
    where readings spill to, and lives as long as they do.
    """

    aside: "TemporaryDirectory[str]"
    readings: list[FileReading] = field(default_factory=list)
    scopes: list[tuple[str, Scope]] = field(default_factory=list)
    files: list[Row] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


class Inbox:
    """One look into the inbox folder at an instant (ISO 8601), with the memory of earlier ones.

    The memory: `files` {file id: {row, seen}} is what raw holds, with the size, time stamp and
    mapping it was read at; `refused` {file id: first seen} what stands in the table `files` with a
    problem. Copies and what does not fit into memory go to the folder `scratch`.
    """

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        memory: MutableMapping[str, Any],
        as_of: str,
        scratch: Path | None = None,
    ) -> None:
        if not folder.is_dir():
            raise MissingFolder("inbox", folder, "INBOX")
        self.folder, self.catalogue, self.as_of = folder, catalogue, as_of
        self.known: dict[str, dict[str, Any]] = memory.setdefault("files", {})
        self.were_refused: dict[str, str] = memory.get("refused", {})
        self.refused: dict[str, str] = {}
        memory["refused"] = self.refused
        aside = TemporaryDirectory(prefix="ax-files-", dir=scratch, ignore_cleanup_errors=True)
        self.found = Look(aside, problems=dict(catalogue.problems))
        spill = f"{aside.name}/spill"
        self.db = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": spill})

    def look(self) -> Look:
        """Read what is new or changed; remember what was read and what was refused."""
        present = {path.name: path for path in sorted(self.folder.iterdir()) if is_finished(path)}
        for path in present.values():
            with suppress(FileNotFoundError):  # taken away meanwhile
                self._look_at(path)
        self._take_back(set(present))
        for key in self.were_refused.keys() - self.refused.keys():
            self._acquit(key)
        return self.found

    def _look_at(self, path: Path) -> None:
        mappings = self.catalogue.of(path.name)
        if not mappings:
            remedy = "add one to the folder of mappings or take the file away"
            self._refuse(path.name, None, UnreadableFile(path.name, "matches no mapping", remedy))
        stale = [mapping for mapping in mappings if not self._is_current(path, mapping)]
        if not stale:
            return
        with TemporaryDirectory(dir=self.found.aside.name) as folder:
            try:
                copy = copy_whole(path, Path(folder))
            except OSError as closed:
                what = f"can not be copied ({closed.strerror})"
                for mapping in stale:
                    unread = UnreadableFile(path.name, what, "check its permissions and the disk")
                    self._refuse(path.name, mapping, unread)
                return
            if copy:  # one that changed meanwhile is left for the next look
                for mapping in stale:
                    self._look_under(path, copy, mapping)

    def _look_under(self, path: Path, copy: Copy, mapping: FileMapping) -> None:
        try:
            self._read(path, copy, mapping)
        except UnreadableFile as unread:
            self._refuse(path.name, mapping, unread)

    def _is_current(self, path: Path, mapping: FileMapping) -> bool:
        known, stat = self.known.get(file_id(path.name, mapping)), path.stat()
        seen = [stat.st_size, stat.st_mtime_ns, mapping.digest]
        return known is not None and known["seen"] == seen

    def _read(self, path: Path, copy: Copy, mapping: FileMapping) -> None:
        key = file_id(path.name, mapping)
        known = self.known.get(key)
        seen = [copy.size, copy.mtime_ns, mapping.digest]
        if known and [known["row"]["sha256"], known["seen"][-1]] == [copy.sha256, mapping.digest]:
            known["seen"] = seen
            return
        reading = FileReading(path.name, copy, mapping, self.db.cursor())
        if known and known["row"]["contract"] != mapping.contract:
            self._bury(known["row"], "mapping_gone")
        row = record(path.name, mapping, self._first_seen(key))
        row = read_record(row, mapping, copy, reading.report)
        self.known[key] = {"row": row, "seen": seen}
        self.found.readings.append(reading)
        self.found.files.append(row)

    def _refuse(self, file_name: str, mapping: FileMapping | None, problem: UnreadableFile) -> None:
        """Keep what raw holds of the file, and say what is wrong with it now."""
        key = file_id(file_name, mapping)
        self.refused[key] = self._first_seen(key)
        row = self.known[key]["row"] if key in self.known else None
        row = row or record(file_name, mapping, self.refused[key])
        self.found.files.append(row | {"problem": str(problem)})
        said = self.found.problems.get(file_name)
        self.found.problems[file_name] = f"{said}; {problem}" if said else str(problem)

    def _first_seen(self, key: str) -> str:
        if key in self.known:
            return str(self.known[key]["row"]["first_seen"])
        return self.were_refused.get(key) or self.as_of

    def _take_back(self, present: set[str]) -> None:
        """Bury what a file led to that was withdrawn, or that is read by another mapping now.

        The rows of a file that no mapping reads any more stay; that is a problem for a person.
        """
        folder = self.folder / WITHDRAWN
        withdrawn = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        is_sure = not self.catalogue.problems  # a mapping that is wrong today still names its files
        for key, known in list(self.known.items()):
            name = known["row"]["file_name"]
            now = {file_id(name, mapping) for mapping in self.catalogue.of(name)}
            if name in withdrawn - present:
                self._forget(key, "withdrawn")
            elif name in present and is_sure and key not in now and now & self.known.keys():
                self._forget(key, "mapping_gone")

    def _forget(self, key: str, reason: str) -> None:
        row = self.known.pop(key)["row"]
        self._bury(row, reason)
        self.found.files.append({"file_id": key, "_deleted_reason": reason})

    def _bury(self, row: Row, reason: str) -> None:
        where = {"file_name": row["file_name"], "mapping": row["mapping"]}
        self.found.scopes.append((row["contract"], Scope(where, reason)))

    def _acquit(self, key: str) -> None:
        """Take a problem off the table `files` once it is gone."""
        if any(row["file_id"] == key for row in self.found.files):
            return
        gone = {"file_id": key, "_deleted_reason": "gone_from_inbox"}
        self.found.files.append(self.known[key]["row"] if key in self.known else gone)
