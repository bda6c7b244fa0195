"""The mappings at hand: the organisation's own folder, and those shipped for the sandbox."""

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.connectors.files.mapping import FileMapping
from ingestion.errors import IngestionError
from ingestion.mapping.yaml_file import read_model

SHIPPED = Path(__file__).parent / "mappings"
REFERENCE = "see docs/mappings.md"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Mappings by rank, and the sentence for each that is wrong, by file name."""

    own: tuple[FileMapping, ...] = ()
    shipped: tuple[FileMapping, ...] = ()
    problems: Table[str, str] = field(default_factory=dict)

    def of(self, file_name: str) -> list[FileMapping]:
        """Return the mappings for a file; a shipped one steps back where there is an own one."""
        for rank in (self.own, self.shipped):
            if found := [mapping for mapping in rank if mapping.matches(file_name)]:
                return found
        return []


class MissingFolder(IngestionError):
    """A folder that the settings name is not there."""

    def __init__(self, what: str, folder: Path, setting: str) -> None:
        super().__init__(
            f"files: the {what} folder {folder} does not exist; create it or set "
            f"SOURCES__FILES__{setting}, then run `ax load files`"
        )


def own_folder(inbox: Path, mappings: str | None) -> Path | None:
    """Return the organisation's own mappings: the folder that is set, or that beside the inbox."""
    if mappings is None:
        beside = inbox.parent / "mappings"
        return beside if beside.is_dir() else None
    if not Path(mappings).is_dir():
        raise MissingFolder("mappings", Path(mappings), "MAPPINGS")
    return Path(mappings)


def read_catalogue(own: Path | None) -> Catalogue:
    """Read every mapping; one that is wrong leaves a sentence and stops no other."""
    problems: dict[str, str] = {}
    mine = _read_folder(own, problems) if own else {}
    shipped = _read_folder(SHIPPED, problems)
    others = [mapping for kind, mapping in shipped.items() if kind not in mine]
    return Catalogue(tuple(mine.values()), tuple(others), problems)


def _read_folder(folder: Path, problems: dict[str, str]) -> dict[str, FileMapping]:
    found: dict[str, FileMapping] = {}
    for path in sorted((*folder.glob("*.yml"), *folder.glob("*.yaml"))):
        try:
            mapping = read_mapping(path)
            if mapping.kind in found:
                raise ValueError(f"kind: another mapping is called {mapping.kind}; rename one")
            found[mapping.kind] = mapping
        except ValueError as wrong:
            problems[path.name] = f"mapping {path.name}, {wrong} ({REFERENCE})"
    return found


def read_mapping(path: Path) -> FileMapping:
    """Read one mapping; raise `ValueError` with key and remedy where it is wrong."""
    return read_model(path, FileMapping, {"kind": path.stem.lower()})
