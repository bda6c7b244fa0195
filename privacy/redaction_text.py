"""One text: what in it tells who somebody is, given what is known of the people of its thread."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from privacy.redaction_names import LETTERS, find_names, fold, spellings
from privacy.redaction_numbers import find_numbers
from privacy.redaction_patterns import find_addresses, find_births, find_emails, find_handles
from privacy.redaction_spans import Span, composed, merged, replaced

FEWEST_DIGITS = 7  # the last digits of a phone by which a known one is recognised
SHORTEST_NUMBER = 4
_NO_DIGIT = re.compile(r"\D")
_NUMBER = re.compile(r"(?<!\w)\w[\w-]*\d[\w-]*(?!\w)")
ACCOUNT = ("first_name", "last_name", "full_name", "phone", "country", "birth_date")
NUMBERS = ("employee_number", "member_number", "external_id")


@dataclass(frozen=True, slots=True)
class Known:
    """What the records say of everybody in a thread, folded for comparison."""

    names: frozenset[str] = frozenset()
    initials: frozenset[tuple[str, str]] = frozenset()
    phones: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    births: frozenset[date] = frozenset()
    countries: frozenset[str] = frozenset()


def known(accounts: Iterable[Mapping[str, Any]]) -> Known:
    """Return what is known of some accounts, rows with the columns ACCOUNT and NUMBERS."""
    rows = list(accounts)
    # A person has the same name in each system, and a ticket the same agent in each of its events.
    names = {(row["first_name"], row["last_name"], row["full_name"]) for row in rows}
    called = [_called(*name) for name in names]
    phones = {_NO_DIGIT.sub("", row["phone"]) for row in rows if row["phone"]}
    numbers = {str(row[name]).strip().casefold() for row in rows for name in NUMBERS if row[name]}
    return Known(
        frozenset[str]().union(*(names for names, _ in called)),
        frozenset(initials for _, initials in called if initials),
        frozenset(digits[-FEWEST_DIGITS:] for digits in phones if len(digits) >= FEWEST_DIGITS),
        frozenset(n for n in numbers if len(n) >= SHORTEST_NUMBER and any(map(str.isdigit, n))),
        frozenset(row["birth_date"] for row in rows if row["birth_date"]),
        frozenset(row["country"] for row in rows if row["country"]),
    )


def find(text: str, language: str | None = None, of: Known = Known()) -> list[Span]:
    """Return what must go from a composed text, in order and without overlap."""
    return merged(
        [
            *find_emails(text),
            *find_numbers(text, language, of.countries, of.phones),
            *find_births(text, of.births),
            *_own_numbers(text, of.numbers),
            *find_handles(text),
            *find_addresses(text),
            *find_names(text, of.names, of.initials),
        ]
    )


def redact_text(text: str, language: str | None, of: Known) -> tuple[str, dict[str, int]]:
    """Return a text without what tells who somebody is, and how much there was by kind."""
    text = composed(text)
    return replaced(text, find(text, language, of))


# Somebody is called the same in every system, and an agent in each of a thousand threads.
@lru_cache(maxsize=100_000)
def _called(
    first: str | None, last: str | None, full: str | None
) -> tuple[frozenset[str], tuple[str, str] | None]:
    """Return the folded words of a name and its initials, if there are two."""
    firsts, lasts, others = (list(spellings(name or "")) for name in (first, last, full))
    joined = [firsts[0] + lasts[0], lasts[0] + firsts[0]] if firsts and lasts else []
    parts = [fold(part) for part in LETTERS.findall(f"{first or ''} {last or ''}")]
    parts = parts or [fold(part) for part in LETTERS.findall(full or "")]
    initials = (parts[0][0], parts[-1][0]) if len(parts) > 1 else None
    return frozenset([*firsts, *lasts, *others, *joined]), initials


def _own_numbers(text: str, numbers: frozenset[str]) -> Iterator[Span]:
    if numbers:
        for found in _NUMBER.finditer(text):
            if found[0].casefold() in numbers:
                yield Span(found.start(), found.end(), "number")
