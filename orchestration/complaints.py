"""What a database complains of, without the values that it quotes: they may be anybody's."""

import re
from typing import Any, TextIO

# Kinds of complaint that quote code, names of tables and files, and no row.
OF_CODE = {
    "Binder",
    "Catalog",
    "Compilation",
    "Dependency",
    "IO",
    "Memory",
    "Parser",
    "implemented",
}
KIND = re.compile(r"(\w+) Error: ")
# From the first quote to the last: a value may hold quotes itself.
QUOTED = re.compile(r"'.*'|\".*\"", re.DOTALL)


def without_values(text: str) -> str:
    """Return a complaint without what it quotes of a row; any other text as it is."""
    kind = KIND.search(text)
    return text if not kind or kind[1] in OF_CODE else QUOTED.sub("'…'", text)


def in_a_line(complaint: str | None) -> str:
    """Return a complaint without values in one line, at most 200 characters of it."""
    return " ".join(without_values(complaint or "").split())[:200]


class WithoutValues:
    """A stream in which no complaint quotes a row; each is written whole, as dagster-dbt does."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write what is no value."""
        return self.stream.write(without_values(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
