"""The values by which a person is recognised in a text, a cell or a file, and what stands for them.

A value is matched whole and in any case: `ann@x.example` is not found in `joann@x.example`.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from storage.sql import quoted

ERASED = "[erased]"
CODES = ("employee_number", "member_number")  # columns of numbers that somebody issued
SHORTEST = 5  # what is shorter is found everywhere
SHORTEST_IN_BYTES = (
    8  # nothing ends a value in a store's pages, so shorter ones are found by chance
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value and its kind: email, phone, code, name, or id, our own or a vendor's."""

    kind: str
    text: str


@dataclass(frozen=True)
class Values:
    """What is looked for. `kept` are values of others, which may hold one of these within them."""

    values: frozenset[Value]
    kept: frozenset[str] = field(default=frozenset())

    @cached_property
    def texts(self) -> list[str]:
        """Every spelling that is looked for, longest first: as it is, and as JSON escapes it."""
        plain = {value.text for value in self.values if len(value.text) >= SHORTEST}
        escaped = {json.dumps(text)[1:-1] for text in plain}
        return sorted(plain | escaped, key=lambda text: (-len(text), text))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """One of the texts, neither the end nor the beginning of a longer word or address."""
        # An address goes on behind a dot or a hyphen, a name behind a hyphen alone.
        ends = ((True, r"(?![\w@]|[.-]\w)"), (False, r"(?![\w@]|-\w)"))
        parts = [
            f"(?:{'|'.join(map(re.escape, texts))}){end}"
            for is_address, end in ends
            if (texts := [text for text in self.texts if ("@" in text) is is_address])
        ]
        whole = "|".join(parts) or r"(?!)"
        return re.compile(rf"(?<![\w@+])(?<![\w][.-])(?:{whole})", re.IGNORECASE)

    @cached_property
    def lowered(self) -> list[str]:
        """The texts in lower case: what none of these is in needs no closer look."""
        return sorted({text.lower() for text in self.texts})

    @cached_property
    def in_bytes(self) -> list[bytes]:
        """What is looked for in lower-cased bytes; left out what somebody else's value holds."""
        others = [text.lower() for text in self.kept]
        return [
            text.encode()
            for text in self.lowered
            if len(text) >= SHORTEST_IN_BYTES and not any(text in other for other in others)
        ]

    def are_in(self, text: str) -> bool:
        """Say whether a text holds a value."""
        low = text.lower()
        return any(one in low for one in self.lowered) and bool(self.pattern.search(text))

    def redact(self, text: str) -> str:
        """Return a text in which `ERASED` stands for each value."""
        return self.pattern.sub(ERASED, text) if self.are_in(text) else text

    def may_be_in(self, expression: str) -> str:
        """Return SQL that is true wherever a value stands in a text; few other texts pass it."""
        contained = [f"contains(lower({expression}), {quoted(text)})" for text in self.lowered]
        return "(" + (" or ".join(contained) or "false") + ")"


def digits(text: str) -> str:
    """Return the digits of a number as it was typed."""
    return re.sub(r"\D", "", text)


def values_of(kind: str, texts: Iterable[str | None]) -> set[Value]:
    """Return the values of a kind, without surrounding space; what is empty is none."""
    return {Value(kind, text.strip()) for text in texts if text and text.strip()}
