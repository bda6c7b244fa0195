"""A stretch of a text that tells who somebody is, and the text without such stretches."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

# In the order in which they win where they overlap: what is surest comes first.
KINDS = (
    "email", "card", "iban", "national_id", "birth_date", "number", "phone", "handle", "address",
    "name",
)  # fmt: skip
# Invisible characters that would split an identifier for the eye of a program alone.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


class Span(NamedTuple):
    """A stretch of a text and what it is, one of KINDS."""

    start: int
    end: int
    kind: str


def composed(text: str) -> str:
    """Return the text in which spans are counted: composed, and nothing invisible in it."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order; those that overlap become one of the surer kind."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            last = found.pop()
            kind = min(last.kind, span.kind, key=KINDS.index)
            span = Span(last.start, max(last.end, span.end), kind)
        found.append(span)
    return found


def replaced(text: str, spans: Iterable[Span]) -> tuple[str, dict[str, int]]:
    """Return the text with each span as its kind in brackets, and how many there were by kind."""
    parts, at = [], 0
    counts: Counter[str] = Counter()
    for span in spans:
        parts += [text[at : span.start], f"[{span.kind}]"]
        at = span.end
        counts[span.kind] += 1
    return "".join([*parts, text[at:]]), dict(sorted(counts.items()))
