"""SQL that reads a text as a contract's type: null where it is not one, nothing guessed.

Each reader is an expression over text that is trimmed and not blank. DuckDB's own casts are kinder
than a warehouse should be (`3.7` as 4, `0x10`, `infinity`), hence the patterns in front.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingestion.connector import ColumnType
from storage.sql import quoted

DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = "[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
OFFSET = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
MIDNIGHT = "[ T]00:00(:00([.]0+)?)?"
WHOLE = "[+-]?[0-9]+([.]0*)?"
DECIMAL = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a column's text is to be read.

    `zone` is SQL for the time zone of naive times. `is_exact` says that DuckDB wrote the text from
    a real number or time, `is_mixed` that a cell may be a real time: ISO 8601 whatever the format.
    """

    zone: str
    format: Sequence[str] | None = None
    decimal: str | None = None
    is_exact: bool = False
    is_mixed: bool = False


def read_as(kind: ColumnType, text: str, manner: Manner) -> str:
    """Return SQL for the value of a text."""
    return READERS[kind](text, manner)


def is_like(text: str, pattern: str) -> str:
    """Return SQL that tells whether the whole text has a pattern."""
    return f"regexp_full_match({text}, {quoted(pattern)})"


def one_of(text: str, values: Sequence[str]) -> str:
    """Return SQL that tells whether a text is one of some values."""
    return f"{text} in ({', '.join(map(quoted, values))})"


def _number(text: str, manner: Manner) -> str:
    """Return SQL for a number's text with a point; thousands are grouped only where declared."""
    decimal = manner.decimal
    if decimal is None or manner.is_exact:
        return text
    group = "," if decimal == "." else "."
    grouped = f"[+-]?[0-9]{{1,3}}([{group}][0-9]{{3}})+([{decimal}][0-9]*)?"
    plain = f"[+-]?[0-9]+([{decimal}][0-9]*)?"
    digits = f"replace({text}, '{group}', '')"
    return (
        f"case when {is_like(text, grouped)} then replace({digits}, '{decimal}', '.') "
        f"when {is_like(text, plain)} then replace({text}, '{decimal}', '.') end"
    )


def _bigint(text: str, manner: Manner) -> str:
    number = _number(text, manner)
    return f"case when {is_like(number, WHOLE)} then try_cast({number} as bigint) end"


def _double(text: str, manner: Manner) -> str:
    number = _number(text, manner)
    value = f"try_cast({number} as double)"
    return f"case when {is_like(number, DECIMAL)} and isfinite({value}) then {value} end"


def _boolean(text: str, manner: Manner) -> str:
    small = f"lower({text})"
    return f"case when {one_of(small, TRUE)} then true when {one_of(small, FALSE)} then false end"


def _parsed(text: str, formats: Sequence[str]) -> str:
    """Return SQL for the first format that fits; a year has four digits."""
    value = f"try_strptime({text}, [{', '.join(map(quoted, formats))}])"
    return f"case when year({value}) between 1000 and 9999 then {value} end"


def _either(manner: Manner, iso: str, parsed: Callable[[Sequence[str]], str]) -> str:
    if not manner.format or manner.is_exact:
        return iso
    return f"coalesce({parsed(manner.format)}, {iso})" if manner.is_mixed else parsed(manner.format)


def _date(text: str, manner: Manner) -> str:
    iso = (
        f"case when {is_like(text, f'{DAY}({MIDNIGHT})?')} "
        f"then try_cast(left({text}, 10) as date) end"
    )
    return _either(manner, iso, lambda formats: f"cast({_parsed(text, formats)} as date)")


def _timestamp(text: str, manner: Manner) -> str:
    naive = _in_zone(f"try_cast({text} as timestamp)", manner.zone)
    # DuckDB reads an offset after seconds only.
    seconds = f"regexp_replace({text}, '([ T][0-9:]{{5}})([Z+-])', '\\1:00\\2')"
    iso = (
        f"case when {is_like(text, f'{DAY}({CLOCK})?')} then {naive} "
        f"when {is_like(text, DAY + CLOCK + OFFSET)} then try_cast({seconds} as timestamptz) end"
    )

    def parsed(formats: Sequence[str]) -> str:
        value = _parsed(text, formats)
        return value if "%z" in formats[0] else _in_zone(value, manner.zone)

    return _either(manner, iso, parsed)


def _in_zone(moment: str, zone: str) -> str:
    """Return SQL for a naive time in its zone; null where the clocks skipped it."""
    instant = f"timezone({zone}, {moment})"
    return f"case when timezone({zone}, {instant}) = {moment} then {instant} end"


READERS: dict[ColumnType, Callable[[str, Manner], str]] = {
    "string": lambda text, manner: text,
    "bigint": _bigint,
    "double": _double,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
}
