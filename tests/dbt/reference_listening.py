"""Whom the organisation hears, and what those never heard did, in plain Python (domain, section 4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any

from reference_events import local_day

Z = 1.959964
KINDS = ("triggered", "always_on", "unsolicited")
Cell = tuple[str, str, str, date]
Row = dict[str, Any]


@dataclass(frozen=True)
class Share:
    """Some of all, with Wilson's interval."""

    some: int
    all: int

    @property
    def value(self) -> float | None:
        return self.some / self.all if self.all else None

    def bound(self, sign: int) -> float | None:
        if not self.all:
            return None
        p, n, z2 = self.some / self.all, self.all, Z * Z
        middle, reach = p + z2 / (2 * n), Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return min(max((middle + sign * reach) / (1 + z2 / n), 0.0), 1.0)


def newcombe(one: Share, other: Share) -> tuple[float, float, float]:
    """Return the difference of two shares and its interval."""
    p, q = one.some / one.all, other.some / other.all
    low = sqrt((p - one.bound(-1)) ** 2 + (other.bound(+1) - q) ** 2)  # type: ignore[operator]
    high = sqrt((one.bound(+1) - p) ** 2 + (q - other.bound(-1)) ** 2)  # type: ignore[operator]
    return p - q, p - q - low, p - q + high


def quarter(moment: datetime) -> date:
    day = local_day(moment) or date.min
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def heard(touchpoints: Iterable[Row], responses: list[Row]) -> dict[Cell, dict[str, set[str]]]:
    """Return who was exposed at each stage in each quarter, and who of them was heard how."""
    said: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in responses:
        if row["person_id"] and row["stage"] and not row["is_protected"]:
            said[row["person_id"], row["journey"], row["stage"]].append(row)
    found: dict[Cell, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in touchpoints:
        who, at = row["person_id"], row["occurred_at"]
        if not who or not row["stage"] or row["family"] in (None, "workforce"):
            continue
        cell = found[row["audience"], row["journey"], row["stage"], quarter(at)]
        cell["exposed"].add(who)
        for response in said[who, row["journey"], row["stage"]]:
            if at <= response["occurred_at"] < at + timedelta(days=30):
                cell[response["feedback_kind"]].add(who)
    return found


def reach(cell: dict[str, set[str]], least: int, ends: date, today: date) -> dict[str, Row]:
    """Return the row of each kind of feedback of a stage in a quarter."""
    exposed = len(cell["exposed"])
    by_kind = {kind: len(cell[kind]) for kind in KINDS}
    counts = by_kind | {"any": len(set().union(*(cell[kind] for kind in KINDS)))}
    has_small = any(0 < n < least for n in counts.values())
    rows = {}
    for kind, count in counts.items():
        is_small = 0 < count < least or (kind == "any" and has_small)
        status = "suppressed" if 0 < exposed < least or is_small else "ok"
        if status == "ok" and ends + timedelta(days=30) > today:
            status = "not_mature"
        elif status == "ok" and exposed < 30:
            status = "low_n"
        rows[kind] = {"share": Share(count, exposed), "status": status}
    return rows
