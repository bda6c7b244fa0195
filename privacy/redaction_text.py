"""One text: what in it tells who somebody is, given what is known of the people of its thread."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from privacy.redaction_names import LETTERS, find_names, fold, spellings
from privacy.redaction_numbers import find_numbers
from privacy.redaction_patterns import find_addresses, find_births, find_emails, find_handles
from privacy.redaction_spans import Span, composed, merged, replaced

FEWEST_DIGITS = 7  # the last digits of a phone by which a known one is recognised
SHORTEST_NUMBER = 4
_NUMBER = re.compile(r"(?<!\w)\w[\w-]*\d[\w-]*(?!\w)")
ACCOUNT = ("first_name", "last_name", "full_name", "email", "phone", "country", "birth_date")
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
    phones = (re.sub(r"\D", "", row["phone"] or "") for row in rows)
    numbers = (str(row[name]).strip().casefold() for row in rows for name in NUMBERS if row[name])
    return Known(
        frozenset(token for row in rows for token in _names(row)),
        frozenset(pair for row in rows if (pair := _initials(row))),
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


def _names(row: Mapping[str, Any]) -> Iterator[str]:
    for column in ("first_name", "last_name", "full_name"):
        yield from spellings(row[column] or "")
    first, last = (list(spellings(row[name] or "")) for name in ("first_name", "last_name"))
    if first and last:
        yield first[0] + last[0]
        yield last[0] + first[0]


def _initials(row: Mapping[str, Any]) -> tuple[str, str] | None:
    whole = f"{row['first_name'] or ''} {row['last_name'] or ''}".strip() or row["full_name"] or ""
    parts = [fold(part) for part in LETTERS.findall(whole)]
    return (parts[0][0], parts[-1][0]) if len(parts) > 1 else None


def _own_numbers(text: str, numbers: frozenset[str]) -> Iterator[Span]:
    if numbers:
        for found in _NUMBER.finditer(text):
            if found[0].casefold() in numbers:
                yield Span(found.start(), found.end(), "number")
