"""The one page for leadership, made of the published file alone and put in place by a rename."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboards.drawing import AXES, WIDTH, Drawing, draw
from dashboards.errors import UnwritablePage
from dashboards.figures import counted, cut, day, figure, lag
from dashboards.lines import (
    COMPONENTS,
    NOT_MEASURED,
    VACANT,
    Line,
    headline,
    is_measured,
    is_vacant,
    label_of,
    lines_of,
    owner_of,
)
from dashboards.markup import environment
from dashboards.published import Audience, Coverage, Metric, Publication
from dashboards.sentences import LATE_MINUTES, TOP, Sentence, sentences

# What a row has room for, in columns of text; the whole name is in the registry.
NAME, PRINTED_NAME = 90, 30
PRINTED_REST = 24
# Where more rows than this hold a number, paper takes them in smaller print.
ROOMY = 9

INTERVAL_METHODS = {
    "adjusted_wald": "adjusted Wald",
    "wilson": "Wilson",
    "woodruff": "order statistics (Woodruff)",
    "adjusted_normal": "normal, adjusted for a bounded scale",
    "normal": "normal",
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the registry as the screen and as paper show it."""

    whole: str
    short: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the scorecard: a line with its drawing and what stands under it."""

    line: Line
    drawing: Drawing | None
    is_sure: bool
    period: str
    target: str
    alternative: str


@dataclass(frozen=True, slots=True)
class Row:
    """One audience of the scorecard."""

    audience: str
    rank: int | None
    name: Name
    persons: str
    owner: Name | None
    owner_gap: str
    has_journey: bool
    figures: dict[str, Figure | None]
    coverage: Coverage | None
    freshness: str
    is_fresh: bool
    gaps: tuple[str, ...]
    under_way: int
    actions: str


def write(publication: Publication, out: Path) -> dict[str, Any]:
    """Write the page of a publication by itself and return what is on it.

    Keys: bytes, as_of, publication, audiences, lines, sentences. Raises UnwritablePage; the page
    that stood there before then still stands.
    """
    lines = lines_of(publication)
    said = sentences(publication)
    page = render(publication, lines, said).encode()
    _replace(out, page)
    return {
        "bytes": len(page),
        "as_of": publication.as_of,
        "publication": publication.fingerprint,
        "audiences": len(publication.audiences),
        "lines": len(lines),
        "sentences": {sentence.key: sentence.text for sentence in said},
    }


def render(
    publication: Publication,
    lines: list[Line],
    said: list[Sentence],
    nav: Sequence[tuple[str, str]] = (),
    pages: Mapping[str, str] | None = None,
) -> str:
    """Return the page as HTML: by itself, or with the site's navigation and links (`pages`)."""
    usual = common_line(lines)
    rows = [row_of(publication, lines, usual, who) for who in publication.audiences]
    return (
        environment()
        .get_template("scorecard.html.j2")
        .render(
            rows=rows[:TOP],
            rest=rows[TOP:],
            sentences=said,
            components=COMPONENTS,
            not_measured=NOT_MEASURED,
            clock=clock(publication.as_of),
            publication=publication,
            usual=usual,
            definitions=definitions(publication, rows[:TOP], rows[TOP:]),
            axes=AXES,
            width=WIDTH,
            rest_in_words=in_words(rows[TOP:]),
            is_crowded=is_crowded(rows[:TOP]),
            on_paper=on_paper(rows[TOP:]),
            unprinted=max(len(rows) - TOP - PRINTED_REST, 0),
            nav=nav,
            here="index",
            pages=pages or {},
        )
    )


def row_of(publication: Publication, lines: list[Line], usual: Line | None, who: Audience) -> Row:
    """Return an audience as the table shows it."""
    own = [line for line in lines if line.audience == who.audience]
    shown = {component: headline(own, component) for component in COMPONENTS}
    owner = owner_of(who)
    known = [line for line in shown.values() if line and line.state != "not_measured"]
    freshness, is_fresh = _freshness(known)
    owner_gap = "" if owner else VACANT if is_vacant(who) else "none"
    gaps = (
        {"none": "no owner", VACANT: "owner vacant"}.get(owner_gap, ""),
        "no journey" if not who.journey else "",
        "" if is_measured(publication, who) else NOT_MEASURED,
    )
    return Row(
        audience=who.audience,
        rank=who.rank,
        name=_name(label_of(who)),
        persons=counted(who.persons, "person", "people") if who.persons is not None else "",
        owner=_name(owner) if owner else None,
        owner_gap=owner_gap,
        has_journey=bool(who.journey),
        figures={key: _figure(line, usual) if line else None for key, line in shown.items()},
        coverage=publication.coverage.get(who.audience),
        freshness=freshness,
        is_fresh=is_fresh,
        gaps=tuple(gap for gap in gaps if gap),
        under_way=publication.under_way.get(who.audience, 0),
        actions=_under_way(publication.under_way.get(who.audience, 0)),
    )


def common_line(lines: list[Line]) -> Line | None:
    """Return a line of the period that most numbers are of; only others are named in cells."""
    known = [line for line in lines if line.value is not None]
    spans, named = Counter(line.span for line in known), Counter(line.period for line in known)
    return max(known, key=lambda line: (spans[line.span], named[line.period]), default=None)


def definitions(
    publication: Publication, rows: list[Row], rest: list[Row]
) -> list[tuple[Metric, str]]:
    """Return the metrics on the page with the words for their interval, by name."""
    figures = [figure for row in rows for figure in row.figures.values()]
    figures += [row.figures["outcome"] for row in rest]
    shown = {each.line.metric for each in figures if each and each.line.state != "not_measured"}
    return [
        (metric, INTERVAL_METHODS.get(metric.interval_method or "", metric.interval_method or ""))
        for key, metric in publication.metrics.items()
        if key in shown
    ]


def in_words(rest: list[Row]) -> str:
    """Return what the audiences beyond the table lack, in a phrase."""
    lacking = Counter(gap for row in rest for gap in row.gaps)
    return ", ".join(f"{count} {gap}" for gap, count in lacking.items())


def is_crowded(rows: list[Row]) -> bool:
    """Return whether so many rows hold a number that paper needs smaller print."""
    tall = [
        any(each and each.line.value is not None for each in row.figures.values()) for row in rows
    ]
    return sum(tall) > ROOMY


def on_paper(rest: list[Row]) -> dict[str, list[Row]]:
    """Return the audiences that paper has room for, put together by what they lack."""
    groups: dict[str, list[Row]] = {}
    for row in rest[:PRINTED_REST]:
        groups.setdefault(", ".join(row.gaps) or "nothing lacking", []).append(row)
    return dict(sorted(groups.items(), key=lambda group: -len(group[0])))


def clock(as_of: datetime | None) -> str:
    """Return the clock of the run in words; empty where nothing was ever run."""
    return f"{day(as_of)}, {as_of:%H:%M} UTC" if as_of else ""


def _under_way(initiatives: int) -> str:
    if not initiatives:
        return "nothing under way"
    return counted(initiatives, "initiative under way", "initiatives under way")


def _name(text: str) -> Name:
    return Name(cut(text, NAME), cut(text, PRINTED_NAME))


def _figure(line: Line, usual: Line | None) -> Figure:
    is_usual = usual is None or line.value is None or line.span == usual.span
    drawing = draw(line.value, line.low, line.high, line.target, line.unit)
    target = f"target {figure(line.target, line.unit)}" if line.target is not None else ""
    told = [f"{line.metric_label} {line.shown_value}", f"95 % interval {line.shown_interval}"]
    return Figure(
        line=line,
        drawing=drawing,
        is_sure=line.state == "ok",
        period="" if is_usual else line.period,
        target=target,
        alternative=", ".join([*told, target] if target else told),
    )


def _freshness(known: list[Line]) -> tuple[str, bool]:
    """Return how old the oldest load behind a row is, and whether that is fresh."""
    stale = [line for line in known if line.state == "stale"]
    if stale:
        return stale[0].status, False
    lags = [line.lag_minutes for line in known if line.lag_minutes is not None]
    if not lags:
        return "no data", False
    if max(lags) > LATE_MINUTES:
        return f"{lag(max(lags))} behind", False
    return "fresh", True


def _replace(out: Path, page: bytes) -> None:
    aside = out.with_name(f"{out.name}.tmp")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, out)
    except OSError as failure:
        with suppress(OSError):
            aside.unlink()
        raise UnwritablePage(out, failure.strerror or str(failure)) from failure
