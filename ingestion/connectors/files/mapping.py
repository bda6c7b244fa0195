"""A mapping for files: which names it is for, and how their text is written."""

import codecs
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar

from pydantic import StringConstraints, field_validator

from ingestion.mapping.mapping import Mapping, Text, Texts


class FileMapping(Mapping):
    """What one kind of file holds; see README.md for the keys of files."""

    match: Texts
    encoding: str = "utf-8"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    sheet: Text | None = None

    PLACING: ClassVar[frozenset[str]] = frozenset({"match"})

    @field_validator("encoding")
    @classmethod
    def _is_encoding(cls, encoding: str) -> str:
        try:
            return codecs.lookup(encoding).name
        except LookupError as unknown:
            raise ValueError(f"{encoding!r} is no encoding; try utf-8 or cp1252") from unknown

    def matches(self, file_name: str) -> bool:
        """Whether the mapping is for a file of this name; `.gz` may follow any pattern."""
        name = file_name.lower()
        plain = name.removesuffix(".gz")
        return any(
            fnmatchcase(name, pattern.lower()) or fnmatchcase(plain, pattern.lower())
            for pattern in self.match
        )
