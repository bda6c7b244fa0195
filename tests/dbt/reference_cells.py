"""What a cell of the metric values is, and what its observations come to, in plain Python."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import reference
from reference import Estimate, Seen
from reference_events import METRICS, Event, Row

METRIC = {row["metric"]: row for row in METRICS}
SCORED = {
    "trinomial": reference.score,
    "proportion": reference.share,
    "mean": reference.plain_mean,
    "ratio": reference.ratio,
    "total": reference.total,
}
OTHERWISE = {"poisson": reference.happenings}


class Cell(NamedTuple):
    """The key of a published figure; `segment` None collects what has no value for the cut."""

    audience: str
    metric: str
    period_kind: str
    period_start: date
    cut: str
    segment: str | None


@dataclass(frozen=True)
class Figure:
    """What a row of pub_metric_values must say."""

    estimate: Estimate | None
    period_end: date
    status: str
    lag: int | None


def coded(metric: Row, value: float) -> float:
    """Return what an answer counts for: the registry's cut-offs, else its own value."""
    if metric["top_from"] is None:
        return value
    if value >= float(metric["top_from"]):
        return 1.0
    return -1.0 if metric["bottom_to"] and value <= float(metric["bottom_to"]) else 0.0


def counts_for(metric: Row, event: Event) -> bool:
    """Return whether the metric is made of such events, on this scale, for this family."""
    scale = [float(metric[end]) if metric[end] else None for end in ("scale_min", "scale_max")]
    return (
        (metric["event"], metric["role"]) == (event.event, event.role)
        and all(want in (None, got) for want, got in zip(scale, event.scale, strict=True))
        and event.family in metric["families"].split("|")
    )


def has_total(metric: Row) -> bool:
    return "all" in metric["segments"].split("|")


def cuts(metric: Row, event: Event) -> list[tuple[str, str | None]]:
    """Return the (cut, segment) pairs of an event; other feedback than triggered stands alone.

    Where there is no total, each segment is a cut of its own.
    """
    if not has_total(metric):
        parts = [reference.segment(cut, event.facts) for cut in metric["segments"].split("|")]
        return [(part or "", part) for part in parts]
    if event.kind != "triggered":
        return [(f"feedback={event.kind}", f"feedback={event.kind}")]
    return [
        (cut, "all" if cut == "all" else reference.segment(cut, event.facts))
        for cut in metric["segments"].split("|")
    ]


def estimate(metric: Row, happened: list[Event], names: Mapping[Hashable, str]) -> Estimate | None:
    """Return the figure of a cell, None for a mean that would pool two questions or scales."""
    seen = [
        Seen(e.respondent, coded(metric, e.value), e.weight, e.struck, e.exposure) for e in happened
    ]
    if metric["kind"] == "quantile":
        return reference.wait_quantile(seen, float(metric["statistic"]))
    if not sum(s.exposure for s in seen):
        return None
    if metric["role"] == "rating" and len({(e.question, e.scale) for e in happened}) > 1:
        return None
    if metric["statistic"] == "bounded_mean":
        scales = {e.scale for e in happened}
        low, high = next(iter(scales))
        return reference.bounded_mean(seen, low or 0.0, high or 0.0)
    return scored(metric, seen, names)


def of_one_person(found: list[Event]) -> list[Event]:
    """Return one standing a person: what stood apart by a cut is one where the cell is wider."""
    if found[0].event != "standing":
        return found
    persons: dict[str, Event] = {}
    for event in found:
        known = persons.get(event.respondent)
        persons[event.respondent] = (
            replace(
                known,
                value=known.value + event.value,
                exposure=known.exposure + event.exposure,
            )
            if known
            else event
        )
    return list(persons.values())


def scored(metric: Row, seen: list[Seen], names: Mapping[Hashable, str]) -> Estimate:
    """Return the figure of a statistic in the metric's unit, without interval where it has none."""
    figure = OTHERWISE.get(metric["interval_method"], SCORED[metric["statistic"]])(seen)
    if metric["interval_method"] == "cluster_bootstrap":
        figure = reference.resampled(seen, names)
    if metric["interval_method"] == "none":
        figure = replace(figure, low=None, high=None, std_error=None)
    if metric["unit"] != "per_hundred":
        return figure
    scaled = {
        name: None if getattr(figure, name) is None else 100 * getattr(figure, name)
        for name in ("value", "low", "high", "std_error")
    }
    return replace(figure, **scaled)
