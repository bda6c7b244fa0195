"""Where an interval lies on the axis of its unit; the axis never bends to the data."""

import math
from dataclasses import dataclass

# Room at both ends, in the units of the drawing, for a point that lies on the edge.
WIDTH, EDGE = 120.0, 5.0


@dataclass(frozen=True, slots=True)
class Axis:
    """The fixed axis of a unit: its ends, the marks on it, and what they say."""

    low: float
    high: float
    marks: tuple[tuple[float, str], ...]
    is_log: bool = False

    def at(self, value: float) -> float:
        """Return where a value lies, 0 to WIDTH; what lies beyond an end sits at that end."""
        low, high, here = (self._scaled(each) for each in (self.low, self.high, value))
        share = min(max((here - low) / (high - low), 0.0), 1.0)
        return round(EDGE + share * (WIDTH - 2 * EDGE), 1)

    def _scaled(self, value: float) -> float:
        return math.log(max(value, self.low)) if self.is_log else value


AXES = {
    "score": Axis(-100, 100, ((-100, "−100"), (0, "0"), (100, "+100"))),
    "share": Axis(0, 1, ((0, "0 %"), (0.5, "50 %"), (1, "100 %"))),
    "points": Axis(0, 10, ((0, "0"), (5, "5"), (10, "10"))),
    "polarity": Axis(-1, 1, ((-1, "−1"), (0, "0"), (1, "1"))),
    # Minutes to months side by side: each mark is several times the one before.
    "minutes": Axis(
        1, 43_200, ((1, "1 min"), (60, "1 h"), (1440, "1 d"), (43_200, "30 d")), is_log=True
    ),
    "days": Axis(1, 365, ((1, "1 d"), (7, "7 d"), (30, "30 d"), (365, "1 y")), is_log=True),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """An interval on its axis, in drawing units from the left."""

    point: float
    low: float | None
    high: float | None
    target: float | None
    marks: tuple[float, ...]
    zero: float | None


def draw(
    value: float | None,
    low: float | None,
    high: float | None,
    target: float | None,
    unit: str | None,
) -> Drawing | None:
    """Return the drawing of a value; None where there is no value or no axis for its unit."""
    axis = AXES.get(unit or "")
    if axis is None or value is None:
        return None
    has_interval = low is not None or high is not None
    return Drawing(
        point=axis.at(value),
        low=axis.at(axis.low if low is None else low) if has_interval else None,
        high=axis.at(axis.high if high is None else high) if has_interval else None,
        target=None if target is None else axis.at(target),
        marks=tuple(axis.at(mark) for mark, _ in axis.marks),
        zero=axis.at(0) if axis.low < 0 else None,
    )
