"""How a number reads: one place for every unit, so that page and terminal agree."""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import accumulate

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
PER_HUNDRED, A_YEAR = " per 100", " a year"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
HOUR, DAY = 60, 1440


def figure(value: float | None, unit: str | None) -> str:
    """Return a value in the words of its unit: +12, 63 %, 4 h 10 min, 3.4 days, 4.21."""
    if value is None:
        return ""
    return _FIGURES.get(unit or "", _plain)(value)


def interval(low: float | None, high: float | None, unit: str | None) -> str:
    """Return the ends of an interval; an end that lies beyond what was seen is said so."""
    if low is None and high is None:
        return "no interval"
    left = _bare(figure(low, unit)) or "no lower end"
    right = _bare(figure(high, unit)) or "no upper end"
    return f"[{left}, {right}]"


def with_interval(value: float, low: float | None, high: float | None, unit: str | None) -> str:
    """Return a value and its interval: 63 % [58 %, 68 %]."""
    return f"{figure(value, unit)} {interval(low, high, unit)}"


def _bare(text: str) -> str:
    """Return a figure without the words that stand behind the value already."""
    return text.removesuffix(PER_HUNDRED).removesuffix(A_YEAR)


def step(size: float, unit: str | None) -> str:
    """Return the size of a change, without its sign: 6 points, 35 min."""
    if unit in _WHOLE:
        return figure(abs(size), unit)
    return f"{_digits(abs(size), unit, _places([size], unit))}{SPACE}points"


def step_range(near: float, far: float, unit: str | None) -> str:
    """Return two sizes of a change: 4 to 15, 2 h 20 min to 8 h."""
    if unit in _WHOLE:
        return f"{figure(near, unit)} to {figure(far, unit)}"
    places = _places([near, far], unit)
    return f"{_digits(near, unit, places)} to {_digits(far, unit, places)}"


def step_interval(low: float | None, high: float | None, unit: str | None) -> str:
    """Return the signed ends of a change: [2, 10], [−50 min, −20 min]."""
    if low is None or high is None:
        return "no interval"
    if unit in _WHOLE:
        return f"[{figure(low, unit)}, {figure(high, unit)}]"
    places = _places([low, high], unit)
    return f"[{_digits(low, unit, places)}, {_digits(high, unit, places)}]"


def lag(minutes: int) -> str:
    """Return how far behind something is, coarsely: 35 min, 7 hours, 3 days."""
    if minutes < HOUR:
        return f"{minutes}{SPACE}min"
    count, unit = (minutes // HOUR, "hour") if minutes < 2 * DAY else (minutes // DAY, "day")
    return f"{count}{SPACE}{unit}{'' if count == 1 else 's'}"


def period(kind: str, start: date, end: date) -> str:
    """Return a period in words; its end is exclusive."""
    last = end - timedelta(days=1)
    return {
        "day": day(start),
        "week": f"week of {day(start)}",
        "month": f"{MONTHS[start.month - 1]}{SPACE}{start.year}",
        "quarter": f"Q{(start.month + 2) // 3}{SPACE}{start.year}",
        "year": str(start.year),
        "wave": f"wave of {MONTHS[start.month - 1]} to {MONTHS[last.month - 1]}{SPACE}{last.year}",
        "snapshot": f"on {day(start)}",
    }.get(kind, f"{(end - start).days} days to {day(last)}")


def day(when: date | datetime) -> str:
    """Return a date that reads the same on both sides of an ocean: 30 Jun 2026."""
    return f"{when.day}{SPACE}{MONTHS[when.month - 1]}{SPACE}{when.year}"


def counted(count: int, thing: str, things: str | None = None) -> str:
    """Return a count with its noun: 1 source, 2 sources."""
    return f"{count:,}{SPACE}{thing if count == 1 else things or thing + 's'}".replace(",", SPACE)


def listed(words: list[str], most: int = 3) -> str:
    """Return names as a phrase, the first few and how many more: A, B and 4 more."""
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def name(text: str, longest: int = 32) -> str:
    """Return a name that fits a sentence and cannot turn the text around it."""
    plain = cut(text, longest)
    if any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in plain):
        return f"\N{FIRST STRONG ISOLATE}{plain}\N{POP DIRECTIONAL ISOLATE}"
    return plain


def cut(text: str, longest: int) -> str:
    """Return a text on one line without control characters, at most so many columns wide."""
    plain = " ".join("".join(" " if _is_control(letter) else letter for letter in text).split())
    ends = list(accumulate(_columns(letter) for letter in plain))
    if not ends or ends[-1] <= longest:
        return plain
    return plain[: bisect_left(ends, longest)].rstrip(" \u200d\ufe0f") + "…"


def _columns(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def _is_control(letter: str) -> bool:
    directs = "\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069"
    return directs or unicodedata.category(letter) in ("Cc", "Zl", "Zp")


def _score(value: float) -> str:
    text = _signed(value, 0)
    return text if text == "0" or value < 0 else f"+{text}"


def _share(value: float) -> str:
    percent = 100 * value
    # 99.6 % is not everybody, and 0.4 % is not nobody.
    if 0 < percent < 0.05:
        return f"under 0.1{SPACE}%"
    if 99.95 <= percent < 100:
        return f"over 99.9{SPACE}%"
    places = 1 if round(percent) in (0, 100) and percent not in (0, 100) else 0
    return f"{_signed(percent, places)}{SPACE}%"


def _minutes(value: float) -> str:
    whole = round(abs(value))
    sign = MINUS if value < 0 and whole else ""
    if whole == 0 and value != 0:
        return f"under 1{SPACE}min"
    if whole < HOUR:
        return f"{sign}{whole}{SPACE}min"
    # Two units say enough up to ten of the larger one, then one does.
    if whole < 10 * HOUR:
        return sign + _two(divmod(whole, HOUR), "h", "min")
    if round(whole / HOUR) < 24:
        return f"{sign}{round(whole / HOUR)}{SPACE}h"
    if round(whole / HOUR) < 240:
        return sign + _two(divmod(round(whole / HOUR), 24), "d", "h")
    return f"{sign}{round(whole / DAY)}{SPACE}d"


def _two(parts: tuple[int, int], unit: str, smaller: str) -> str:
    big, small = parts
    return f"{big}{SPACE}{unit}" + (f"{SPACE}{small}{SPACE}{smaller}" if small else "")


def _days(value: float) -> str:
    text = _signed(value, 0 if abs(value) >= 10 else 1).removesuffix(".0")
    return f"{text}{SPACE}{'day' if text == '1' else 'days'}"


def _count(value: float) -> str:
    text = f"{abs(value):,.0f}".replace(",", SPACE)
    return f"{MINUS}{text}" if value < 0 and text != "0" else text


def _plain(value: float) -> str:
    return _signed(value, 2)


_FIGURES: dict[str, Callable[[float], str]] = {
    "score": _score,
    "share": _share,
    "minutes": _minutes,
    "days": _days,
    "count": _count,
    "money": _count,
    "per_hundred": lambda value: f"{_signed(value, 1)}{PER_HUNDRED}",
    "per_year": lambda value: f"{_signed(value, 2)}{A_YEAR}",
}


# Units whose change is said in the unit itself; that of the others is in points.
_WHOLE = ("minutes", "days", "count", "money", "rate", "per_hundred", "per_year")


def _signed(value: float, places: int) -> str:
    text = f"{abs(value):.{places}f}"
    return f"{MINUS}{text}" if value < 0 and float(text) else text


def _digits(value: float, unit: str | None, places: int) -> str:
    return _signed(100 * value if unit == "share" else value, places)


def _places(values: list[float], unit: str | None) -> int:
    if unit not in ("score", "share"):
        return 2
    scale = 100 if unit == "share" else 1
    return 1 if any(value and round(scale * abs(value)) == 0 for value in values) else 0
