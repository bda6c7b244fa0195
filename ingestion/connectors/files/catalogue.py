"""The mappings at hand: the organisation's own folder, and those shipped for the sandbox."""

from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ingestion.connectors.files.mapping import Mapping
from ingestion.errors import IngestionError

SHIPPED = Path(__file__).parent / "mappings"
REFERENCE = "see ingestion/connectors/files/README.md"
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# Branches of a union, which pydantic names and nobody wrote.
UNWRITTEN = {"str", "ZoneColumn"}
SAID_BETTER = {
    "extra_forbidden": "is no key of a mapping; correct or remove it",
    "missing": "is missing; add it",
    "string_pattern_mismatch": "takes lower-case letters, digits and underscores",
}
SPEAKING = {*SAID_BETTER, "value_error"}  # these name what is wrong themselves


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Mappings by rank, and the sentence for each that is wrong, by file name."""

    own: tuple[Mapping, ...] = ()
    shipped: tuple[Mapping, ...] = ()
    problems: Table[str, str] = field(default_factory=dict)

    def of(self, file_name: str) -> list[Mapping]:
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


def _read_folder(folder: Path, problems: dict[str, str]) -> dict[str, Mapping]:
    found: dict[str, Mapping] = {}
    for path in sorted((*folder.glob("*.yml"), *folder.glob("*.yaml"))):
        try:
            mapping = read_mapping(path)
            if mapping.kind in found:
                raise ValueError(f"kind: another mapping is called {mapping.kind}; rename one")
            found[mapping.kind] = mapping
        except ValueError as wrong:
            problems[path.name] = f"mapping {path.name}, {wrong} ({REFERENCE})"
    return found


def read_mapping(path: Path) -> Mapping:
    """Read one mapping; raise `ValueError` with key and remedy where it is wrong."""
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else "?"
        raise ValueError(f"line {line}: is not YAML ({broken.problem}); mend it") from broken
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise ValueError(f"line 1: is not YAML in UTF-8 ({broken}); mend it") from broken
    if not isinstance(said, dict):
        raise ValueError("line 1: holds no keys; start from an example in docs/examples/files")
    try:
        return Mapping.model_validate({"kind": path.stem.lower(), **said})
    except ValidationError as wrong:
        raise ValueError(_sentence(wrong.errors(include_url=False))) from wrong


def _sentence(errors: Iterable[Any]) -> str:
    """Return what is wrong first, after the key where it is."""
    error = next(iter(errors))
    said = [str(part) for part in error["loc"] if str(part) not in UNWRITTEN]
    text = SAID_BETTER.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    if not said:
        return text
    shown = "" if error["type"] in SPEAKING else f" ({str(error['input'])[:60]!r})"
    return f"{'.'.join(said)}: {text[0].lower()}{text[1:]}{shown}"
