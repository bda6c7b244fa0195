"""The scorecard as lines, one headline number of one audience each, for page and terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dashboards.figures import day, figure, interval, period, step, step_interval
from dashboards.published import Audience, Change, Metric, Publication, Value, read

COMPONENTS = ("success", "effort", "emotion", "outcome")
# Relationship first, then the single interaction; the rest as the registry has it.
PREFERRED = ("nps", "enps", "csat")
NOT_MEASURED = "not measured"
NO_CLEAR_CHANGE = "no clear change"
NOT_COMPARED = "not compared"
MOVED = ("up", "down")
# A role that nobody holds any more; nobody owns the audience then.
VACANT = "vacant"

STATUS_WORDS = {
    "ok": "ok",
    "low_n": "few answers",
    "suppressed": "hidden: too few people",
    "not_measured": NOT_MEASURED,
    "not_mature": "not final yet",
    "stale": "stale",
}


def status_words(status: str) -> str:
    """Return a published status as people read it."""
    return STATUS_WORDS.get(status, status.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Line:
    """One number of one audience, at its latest period.

    `value`, `low`, `high`, `target`, `moved` (the change, with its 95 % interval) and `smallest`
    (change that could be seen) are in `unit` (score -100 to 100, share 0 to 1, points, minutes,
    days); they are None where nothing is known or everything is hidden. `change`, `status`,
    `period` and `shown_*` are words; `span` is the period's first day and the day after its last.
    `state` and `verdict` are the published keys, `tone` is better, worse, steady or none.
    """

    rank: int | None
    audience: str
    label: str
    owner: str | None
    component: str | None
    metric: str
    metric_label: str
    unit: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    target: float | None
    change: str
    status: str
    period: str
    span: tuple[date, date] | None
    state: str
    verdict: str | None
    tone: str
    moved: float | None
    moved_low: float | None
    moved_high: float | None
    smallest: float | None
    lag_minutes: int | None

    @property
    def shown_value(self) -> str:
        """The value in the words of its unit; empty where there is none."""
        return figure(self.value, self.unit)

    @property
    def shown_interval(self) -> str:
        """The 95 % interval in the words of its unit; empty where there is no value."""
        return interval(self.low, self.high, self.unit) if self.value is not None else ""


def scorecard_lines(marts: Path) -> list[Line]:
    """Return the headline numbers of every audience that somebody measures, by rank.

    Where none of a component's headlines is measured, another metric of it that is stands in.
    Raises UnreadablePublication, a sentence with its remedy.
    """
    return lines_of(read(marts))


def unmeasured_audiences(marts: Path) -> list[str]:
    """Return the labels of the audiences that `scorecard_lines` leaves out, by rank."""
    publication = read(marts)
    return [label_of(who) for who in publication.audiences if not is_measured(publication, who)]


def lines_of(publication: Publication) -> list[Line]:
    """Return the lines of a publication that is already read."""
    return [
        _line(publication, who, metric)
        for who in publication.audiences
        if is_measured(publication, who)
        for metric in _metrics_of(publication, who)
    ]


def is_measured(publication: Publication, who: Audience) -> bool:
    """Return whether any scored metric of the audience was ever measured, hidden ones included."""
    return any(
        _is_known(publication.values.get((who.audience, metric.metric)))
        for metric in publication.metrics.values()
        if metric.component or metric.is_headline
    )


def headline(lines: list[Line], component: str) -> Line | None:
    """Return the one line of a component that an audience's row shows."""
    offered = [line for line in lines if line.component == component]
    return min(offered, key=_precedence, default=None)


def label_of(who: Audience) -> str:
    """Return the name of an audience that people read."""
    return who.label or who.audience


def owner_of(who: Audience) -> str | None:
    """Return the role that owns an audience; None where nobody does or nobody holds it."""
    role = (who.owner_role or "").strip()
    return role if role and not is_vacant(who) else None


def is_vacant(who: Audience) -> bool:
    """Return whether a role is to own the audience that nobody holds any more."""
    return VACANT in (who.owner_status, (who.owner_role or "").strip().lower())


def _precedence(line: Line) -> tuple[bool, int]:
    preferred = PREFERRED.index(line.metric) if line.metric in PREFERRED else len(PREFERRED)
    return line.state == "not_measured", preferred


def _is_known(value: Value | None) -> bool:
    return value is not None and value.status != "not_measured"


def _metrics_of(publication: Publication, who: Audience) -> Iterator[Metric]:
    meant = [m for m in publication.metrics.values() if who.family in (m.families or "").split("|")]
    for component in (*COMPONENTS, None):
        of_component = [metric for metric in meant if metric.component == component]
        known = [m for m in of_component if _is_known(publication.values.get(_key(who, m)))]
        headlines = [metric for metric in of_component if metric.is_headline]
        yield from headlines
        if component and not any(metric in known for metric in headlines):
            yield from known[:1]


def _key(who: Audience, metric: Metric) -> tuple[str, str]:
    return who.audience, metric.metric


def _line(publication: Publication, who: Audience, metric: Metric) -> Line:
    value = publication.values.get(_key(who, metric))
    change = _change_of(publication.changes.get(_key(who, metric)), value)
    return Line(
        rank=who.rank,
        audience=who.audience,
        label=label_of(who),
        owner=owner_of(who),
        component=metric.component,
        metric=metric.metric,
        metric_label=metric.label or metric.metric,
        unit=metric.unit,
        value=value.value if value else None,
        low=value.low if value else None,
        high=value.high if value else None,
        n=value.n if value else None,
        target=who.target if who.target_metric == metric.metric else None,
        change=_change_words(change, value, metric.unit),
        status=_status_words(value, metric.unit),
        period=period(value.period_kind, value.period_start, value.period_end) if value else "",
        span=(value.period_start, value.period_end) if value else None,
        state=value.status if value else "not_measured",
        verdict=change.verdict if change else None,
        tone=_tone(change, metric.direction),
        moved=change.change if change else None,
        moved_low=change.low if change else None,
        moved_high=change.high if change else None,
        smallest=change.smallest_detectable if change else None,
        lag_minutes=value.source_lag_minutes if value else None,
    )


def _change_of(change: Change | None, value: Value | None) -> Change | None:
    """Return the change only where it ends in the very period that is shown."""
    if change is None or value is None or value.value is None or change.change is None:
        return None
    ends_here = (change.period_kind, change.period_start) == (value.period_kind, value.period_start)
    return change if ends_here else None


def _change_words(change: Change | None, value: Value | None, unit: str | None) -> str:
    if change is None or change.change is None:
        return NOT_COMPARED if value is not None and value.value is not None else ""
    if change.verdict not in MOVED:
        return NO_CLEAR_CHANGE
    ends = step_interval(change.low, change.high, unit)
    return f"{change.verdict} {step(change.change, unit)} {ends}"


def _tone(change: Change | None, direction: str | None) -> str:
    if change is None:
        return "none"
    if change.verdict not in MOVED:
        return "steady"
    return "better" if change.verdict == (direction or "up") else "worse"


def _status_words(value: Value | None, unit: str | None) -> str:
    if value is None:
        return NOT_MEASURED
    if value.status == "stale" and value.source_lag_minutes is not None:
        return f"stale since {day(value.as_of - timedelta(minutes=value.source_lag_minutes))}"
    if value.status == "low_n" and unit in ("minutes", "days"):
        return "few cases"
    if value.status == "not_mature" and value.value is None:
        return "too early to say"
    return status_words(value.status)
