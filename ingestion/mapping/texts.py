"""A table of texts in DuckDB, whatever it was read from."""

from dataclasses import dataclass

from ingestion.errors import IngestionError

UNSTORABLE = "�"  # stands for NUL, which is valid text that no column store takes


class Unreadable(IngestionError):
    """One thing of a source that can not be read; the others are."""

    def __init__(self, source: str, name: str, what: str, remedy: str) -> None:
        super().__init__(f"{name} {what}; {remedy}, then run `ax load {source}`")


@dataclass(frozen=True, slots=True)
class Opened:
    """A relation with the text columns c0, c1, ... of `header`.

    `exact` are positions whose text was written from real numbers and times; `is_mixed` says that
    any cell may be a real time, as in Excel.
    """

    relation: str
    header: tuple[str, ...]
    exact: frozenset[int] = frozenset()
    is_mixed: bool = False

    def position(self, column: str) -> int:
        return self.header.index(column)
