"""Five plain sentences a board member reads first; each holds however much or little there is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dashboards.figures import (
    DAY,
    SPACE,
    counted,
    cut,
    figure,
    interval,
    lag,
    listed,
    name,
    step,
    step_range,
)
from dashboards.lines import (
    MOVED,
    Line,
    headline,
    is_measured,
    is_vacant,
    label_of,
    lines_of,
    owner_of,
)
from dashboards.published import Audience, Publication, Source

# As many audiences as one printed page has room for; the sentences look at the same ones.
TOP = 12
# A source that missed a whole day is late: the schedule is daily.
LATE_MINUTES = DAY
# Below this the answers say more about who answers than about the audience.
LOW_RESPONSE = 0.20


@dataclass(frozen=True, slots=True)
class Sentence:
    """One answer: what is asked, and the words."""

    key: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the sentences are drawn from."""

    publication: Publication
    lines: list[Line]

    @property
    def top(self) -> tuple[Audience, ...]:
        """The audiences that the page shows in full."""
        return self.publication.audiences[:TOP]

    def of(self, who: Audience) -> list[Line]:
        """Return the lines of one audience."""
        return [line for line in self.lines if line.audience == who.audience]


def sentences(publication: Publication) -> list[Sentence]:
    """Return the five sentences of a publication."""
    evidence = Evidence(publication, _outcome_first(publication))
    return [
        Sentence("changed", "What changed", what_changed(evidence)),
        Sentence("same", "What did not", what_did_not(evidence)),
        Sentence("blind", "Where we are blind", where_blind(evidence)),
        Sentence("late", "What is late", what_is_late(evidence)),
        Sentence("first", "What to do first", what_first(evidence)),
    ]


def _outcome_first(publication: Publication) -> list[Line]:
    """Return the lines by rank; of an audience, what it thinks of us comes before its waits."""
    ranks = {who.audience: rank for rank, who in enumerate(publication.audiences)}
    lines = lines_of(publication)
    return sorted(lines, key=lambda line: (ranks[line.audience], line.component != "outcome"))


def what_changed(evidence: Evidence) -> str:
    """Name the numbers that moved beyond noise, with size and interval."""
    compared = _compared(evidence)
    moved = [line for line in compared if line.verdict in MOVED]
    if not compared:
        return "Nothing can be compared yet: no headline number has two closed periods in a row."
    comparisons = counted(len(compared), "headline comparison")
    if not moved:
        return f"Nothing moved beyond noise in {comparisons}."
    said = "; ".join(_movement(line) for line in moved[:3])
    more = f"; and {len(moved) - 3} more" if len(moved) > 3 else ""
    share = "All" if len(moved) == len(compared) > 1 else f"{len(moved)} of"
    return f"{share} {comparisons} moved beyond noise: {said}{more}."


def what_did_not(evidence: Evidence) -> str:
    """Count what shows no clear change, and say how small a change could have been seen."""
    compared = _compared(evidence)
    steady = [line for line in compared if line.verdict not in MOVED]
    if not compared:
        return "As nothing can be compared yet, nothing can be called steady either."
    if not steady:
        return "Every headline number that could be compared has changed."
    shows = "shows" if len(steady) == 1 else "show"
    comparisons = counted(len(compared), "headline comparison")
    share = "All" if len(steady) == len(compared) > 1 else f"{len(steady)} of"
    return f"{share} {comparisons} {shows} no clear change.{_sharpness(compared)}"


def where_blind(evidence: Evidence) -> str:
    """Name the top audiences that nobody owns, maps, measures or may see."""
    if not evidence.top:
        return "No audience is registered, so nobody's experience can be seen."
    gaps = [
        (_named(evidence.top, _is_unowned), "no owner"),
        (_named(evidence.top, is_vacant), "an owner's role that nobody holds"),
        (_named(evidence.top, lambda who: not who.journey), "no journey"),
        (_named(evidence.top, lambda who: _is_unmeasured(evidence, who)), "nothing measured"),
        (
            _named(evidence.top, lambda who: _is_hidden(evidence, who)),
            "numbers hidden as too few people stand behind them",
        ),
    ]
    found = [(names, what) for names, what in gaps if names]
    total = len(evidence.top)
    if total == 1:
        return _only_audience(evidence.top[0], [what for _, what in found])
    if not found:
        return f"Each of our {total} top audiences has an owner, a journey and something measured."
    clauses = [
        f"{len(names)} {'has' if len(names) == 1 else 'have'} {what} ({listed(names)})"
        for names, what in found
    ]
    return f"Of our {total} top audiences, {listed(clauses, 5)}."


def what_is_late(evidence: Evidence) -> str:
    """Name the sources that stopped or lag, and count the numbers that are stale."""
    sources = evidence.publication.sources
    stopped = [source for source in sources if is_stopped(source)]
    late = [source for source in sources if is_late(source)]
    stale = [line for line in evidence.lines if line.state == "stale"]
    said = []
    if stopped:
        said.append(f"stopped: {listed([_standstill(source) for source in stopped])}")
    if late:
        behind = [f"{name(source.source)} ({lag(source.lag_minutes or 0)})" for source in late]
        said.append(f"behind: {listed(behind)}")
    if stale:
        said.append(f"{counted(len(stale), 'headline number is', 'headline numbers are')} stale")
    if said:
        words = "; ".join(said)
        return f"{words[0].upper()}{words[1:]}."
    if not sources:
        return "No source is switched on, so nothing can be late."
    return "Every source is fresh: each was loaded within a day of this page."


def what_first(evidence: Evidence) -> str:
    """Name the one thing to do first, and the rule that says so."""
    if not evidence.publication.audiences and not evidence.publication.sources:
        return "Register a first audience and switch on a first source; until then no rule applies."
    for position, (rule, find) in enumerate(RULES, start=1):
        if found := find(evidence):
            return f"{found} (Rule {position} of {len(RULES)}: {rule}.)"
    return "Nothing presses: none of the five rules applies. Keep listening."


def is_stopped(source: Source) -> bool:
    """Return whether a source's last load failed or none ever succeeded."""
    return bool(source.problem) or source.last_loaded_as_of is None


def is_late(source: Source) -> bool:
    """Return whether a source that still loads is more than a day behind."""
    return not is_stopped(source) and (source.lag_minutes or 0) > LATE_MINUTES


def _compared(evidence: Evidence) -> list[Line]:
    return [line for line in evidence.lines if line.verdict is not None]


def _movement(line: Line) -> str:
    words = _movement_words(line) + _range_words(line)
    return f"{name(line.metric_label)} of {name(line.label)} {words}, which is {line.tone}"


def _movement_words(line: Line) -> str:
    verb = "rose" if line.verdict == "up" else "fell"
    return f"{verb} by {step(line.moved or 0, line.unit)}"


def _range_words(line: Line) -> str:
    """Return the ends of a change as sizes, the smaller first; nothing where zero is between."""
    low, high = line.moved_low, line.moved_high
    if low is None or high is None or low * high < 0:
        return ""
    near, far = sorted((abs(low), abs(high)))
    return f" (95{SPACE}% interval {step_range(near, far, line.unit)})"


def _sharpness(compared: list[Line]) -> str:
    first = next((line for line in compared if line.smallest is not None), None)
    if first is None:
        return ""
    of_first = [line for line in compared if line.audience == first.audience and line.smallest]
    shown = headline(of_first, "outcome") or first
    return (
        f" For {name(shown.label)} the smallest change in {name(shown.metric_label)} "
        f"that we could count on seeing is {step(shown.smallest or 0, shown.unit)}."
    )


def _named(audiences: Iterable[Audience], matches: Callable[[Audience], bool]) -> list[str]:
    return [name(label_of(who)) for who in audiences if matches(who)]


def _is_unowned(who: Audience) -> bool:
    return owner_of(who) is None and not is_vacant(who)


def _is_unmeasured(evidence: Evidence, who: Audience) -> bool:
    return not is_measured(evidence.publication, who)


def _is_hidden(evidence: Evidence, who: Audience) -> bool:
    return any(line.state == "suppressed" for line in evidence.of(who))


def _only_audience(who: Audience, gaps: list[str]) -> str:
    lacks = listed(gaps, 5) if gaps else "an owner, a journey and something measured"
    return f"{name(label_of(who))}, our only audience, has {lacks}."


def _standstill(source: Source) -> str:
    if source.last_loaded_as_of is None:
        return f"{name(source.source)} (never loaded)"
    return f"{name(source.source)} (last good load {lag(source.lag_minutes or 0)} ago)"


def _stopped_source(evidence: Evidence) -> str | None:
    if not evidence.publication.sources:
        return "Switch on a first source: none is on."
    stopped = [source for source in evidence.publication.sources if is_stopped(source)]
    if not stopped:
        return None
    first = max(stopped, key=lambda source: (source.lag_minutes is None, source.lag_minutes or 0))
    reason = cut(first.problem or "it has never been loaded", 140).rstrip(".")
    return f"Get {name(first.source)} loading again: {reason}."


def _without_owner(evidence: Evidence) -> str | None:
    found = next((who for who in evidence.top if owner_of(who) is None), None)
    if found is None:
        return None
    if is_vacant(found):
        return f"Fill the role that owns {_ranked(found)}: nobody holds it any more."
    return f"Name an owner for {_ranked(found)}: nobody answers for it."


def _clear_fall(evidence: Evidence) -> str | None:
    fallen = next((line for line in evidence.lines if line.tone == "worse"), None)
    if fallen is None:
        return None
    whom = name(fallen.owner) if fallen.owner else "whoever takes it on"
    what = f"{name(fallen.metric_label)} of {name(fallen.label)} {_movement_words(fallen)}"
    return f"Find out why {what}; this is for {whom}."


def _not_measured(evidence: Evidence) -> str | None:
    found = next((who for who in evidence.top if _is_unmeasured(evidence, who)), None)
    return f"Start measuring {_ranked(found)}: we have no number for it." if found else None


def _low_response(evidence: Evidence) -> str | None:
    for who in evidence.top:
        rate = evidence.publication.values.get((who.audience, "response_rate"))
        if rate and rate.value is not None and (rate.high or rate.value) < LOW_RESPONSE:
            ends = interval(rate.low, rate.high, "share")
            share = figure(rate.value, "share")
            return f"Win more answers from {_ranked(who)}: {share} {ends} of those asked answer."
    return None


def _ranked(who: Audience) -> str:
    rank = f" (rank {who.rank})" if who.rank is not None else ""
    return f"{name(label_of(who))}{rank}"


# In the order in which they bind; the first that finds something speaks.
RULES: tuple[tuple[str, Callable[[Evidence], str | None]], ...] = (
    ("a source that stands still comes before all else", _stopped_source),
    ("a top audience without an owner", _without_owner),
    ("a clear change for the worse", _clear_fall),
    ("a top audience that is not measured", _not_measured),
    (f"fewer than {figure(LOW_RESPONSE, 'share')} answer", _low_response),
)
