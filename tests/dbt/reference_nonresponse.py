"""What those who did not answer may change, in plain Python (domain, section 4): three measures.

Written from the definitions: every figure of `pub_survey_nonresponse` is computed a second time.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import reference
from reference import Seen
from reference_events import AUDIENCES, INSTRUMENTS, METRICS, House, Row, local_day
from reference_periods import after, first_of
from reference_surveys import HELD_BACK, invited, judged, takes
from reference_values import coded

MARGINS = ("audience", "country", "department")
ROUNDS = 60
YOUNG = timedelta(days=14)
Key = tuple[str, str, date, str, str | None, str | None, str | None]


@dataclass
class Participant:
    """Somebody who was reached by an invitation."""

    invitation: str
    respondent: str
    levels: dict[str, str | None]
    is_answered: bool
    scores: dict[str, float] = field(default_factory=dict)
    delays: dict[str, timedelta] = field(default_factory=dict)


def minimum_of(instrument: str) -> int:
    """Return the largest minimum group of the audiences that an instrument may ask."""
    family = [a for a in AUDIENCES.values() if a["family"] == INSTRUMENTS[instrument]["family"]]
    sizes = [int(a["minimum_group"] or 5) for a in family]
    return max([5, *sizes, *(10 for a in family if a["is_minor"] == "true")])


def pool(answerers: dict[str, set[str]], least: int) -> dict[str, str]:
    """Return as which level each level is counted: too small ones together, smallest first."""
    if all(len(who) >= least for who in answerers.values()):
        return {level: level for level in answerers}
    counted, together = {}, 0
    for level in sorted(answerers, key=lambda name: (len(answerers[name]), name)):
        is_small = len(answerers[level]) < least or together < least
        counted[level] = "other" if is_small else level
        together += len(answerers[level])
    return counted


def rake(
    cells: Counter[tuple[str, ...]], targets: Sequence[dict[str, float]]
) -> tuple[dict[tuple[str, ...], float], bool]:
    """Return a weight a cell, 1 on average, and whether every level has its share."""
    weights = dict.fromkeys(cells, 1.0)
    for turn in range(ROUNDS * len(targets)):
        margin = turn % len(targets)
        shares = achieved(cells, weights, margin)
        for cell in cells:
            weights[cell] *= targets[margin][cell[margin]] / shares[cell[margin]]
    size = sum(weights[cell] * n for cell, n in cells.items())
    weights = {cell: w * sum(cells.values()) / size for cell, w in weights.items()}
    misses = [
        abs(achieved(cells, weights, margin).get(level, 0.0) - share)
        for margin, wanted in enumerate(targets)
        for level, share in wanted.items()
    ]
    return weights, max(misses) <= 1e-6


def achieved(
    cells: Counter[tuple[str, ...]], weights: dict[tuple[str, ...], float], margin: int
) -> dict[str, float]:
    """Return the weighted share of each level of a margin."""
    sums: dict[str, float] = defaultdict(float)
    for cell, n in cells.items():
        sums[cell[margin]] += weights[cell] * n
    return {level: value / sum(sums.values()) for level, value in sums.items()}


def participants(house: House, today: date) -> dict[tuple[str, str, date, date], list[Participant]]:
    """Return who was reached, by instrument and closed period."""
    heard: dict[tuple[str, str], list[tuple[Row, Row]]] = defaultdict(list)
    for row, where, why in judged(house):
        if why is None:
            heard[row["instrument"], row["response_id"]].append((row, where))
    rows = [
        row
        for row in house.contracts["survey_invitations"]
        if row["status"] not in (*HELD_BACK, "bounced", None) and row["instrument"] in INSTRUMENTS
    ]
    closings: dict[tuple[str, date], date] = {}
    for row in rows:
        if row["wave_opened_on"]:
            key = row["instrument"], row["wave_opened_on"]
            closings[key] = max(closings.get(key, date.min), row["wave_closed_on"] or date.max)
    found: dict[tuple[str, str, date, date], list[Participant]] = defaultdict(list)
    for row in rows:
        wave = row["wave_opened_on"]
        start = wave or first_of("quarter", local_day(row["sent_at"]) or date.min)
        end = closings[row["instrument"], wave] if wave else after("quarter", start)
        if end <= today:
            kind = "wave" if wave else "quarter"
            answers = heard.get((row["instrument"], row["response_id"]), [])
            found[row["instrument"], kind, start, end].append(participant(house, row, answers))
    return found


def participant(house: House, row: Row, answers: list[tuple[Row, Row]]) -> Participant:
    who = invited(house, row)
    person, wave = who["person"], row["wave_opened_on"]
    one = Participant(
        invitation=row["invitation_id"],
        respondent=person or who["account"] or row["invitation_id"],
        levels={
            "audience": who["audience"],
            "country": house.countries.get(person or "") or "unknown",
            "department": (house.department(person, wave) or "unknown") if wave else None,
        },
        is_answered=row["status"] == "completed",
    )
    for metric in METRICS:
        if metric["statistic"] not in ("trinomial", "proportion") or metric["role"] == "rating":
            continue
        fitting = [a for a, where in answers if takes(metric, a, where["family"])]
        if one.is_answered and fitting:
            first = min(fitting, key=lambda a: a["answer_id"])
            one.scores[metric["metric"]] = coded(metric, first["answer_value"])
            ended: datetime | None = row["completed_at"] or first["answered_at"]
            if ended:
                one.delays[metric["metric"]] = ended - row["sent_at"]
    return one


class Nonresponse:
    """Every row that must be published, by its key."""

    def __init__(self, house: House) -> None:
        self.today = local_day(house.as_of) or date.min
        self.rows: dict[Key, Row] = {}
        for (instrument, kind, start, end), people in participants(house, self.today).items():
            self.place = instrument, kind, start
            self.end, self.people, self.least = end, people, minimum_of(instrument)
            if INSTRUMENTS[instrument]["confidentiality"] == "anonymous":
                for measure in ("profile", "late", "weighted"):
                    self.miss(measure, "anonymous")
            else:
                self.measure()

    def add(
        self,
        measure: str,
        n: int,
        metric: Any,
        margin: Any,
        level: Any,
        smallest: int | None = None,
        **figures: Any,
    ) -> None:
        answerers = {p.respondent for p in self.people if p.is_answered}
        status = "ok" if n >= 30 else "low_n"
        if min(len(answerers), n, n if smallest is None else smallest) < self.least:
            status = "suppressed"
        if self.end + YOUNG > self.today:
            status = "not_mature"
        shown = figures if status in ("ok", "low_n") else {}
        self.rows[(*self.place, measure, metric, margin, level)] = {"status": status, **shown}

    def miss(self, measure: str, reason: str) -> None:
        self.rows[(*self.place, measure, None, None, None)] = {
            "status": "not_measured",
            "reason": reason,
        }

    def measure(self) -> None:
        counted = {}
        for margin in MARGINS:
            answerers: dict[str, set[str]] = {}
            for p in self.people:
                level = p.levels[margin]
                if level is not None:
                    who = answerers.setdefault(level, set())
                    who |= {p.respondent} if p.is_answered else set()
            if answerers:
                counted[margin] = pool(answerers, self.least)
                self.profile(margin, counted[margin])
        metrics = sorted({metric for p in self.people for metric in p.scores})
        late = [metric for metric in metrics if self.late(metric)]
        for metric in metrics:
            self.weighted(metric, counted)
        for measure, had in (("late", late), ("weighted", metrics)):
            if not had:
                self.miss(measure, "no_linked_answers")

    def profile(self, margin: str, counted: dict[str, str]) -> None:
        asked = Counter(counted[str(p.levels[margin])] for p in self.people)
        told = Counter(counted[str(p.levels[margin])] for p in self.people if p.is_answered)
        n = sum(told.values())
        for level, size in asked.items():
            value, baseline = (told[level] / n if n else math.nan), size / len(self.people)
            spread = math.sqrt((value * (1 - value) + baseline * (1 - baseline)) / 2)
            self.add(
                "profile", n, None, margin, level,
                invited=size, answered=told[level], value=value, baseline=baseline,
                difference=value - baseline,
                standardised_difference=(value - baseline) / spread if spread else None,
            )  # fmt: skip

    def late(self, metric: str) -> bool:
        told = sorted(
            (p for p in self.people if metric in p.delays),
            key=lambda p: (p.delays[metric], p.invitation),
        )
        longer, rest = divmod(len(told), 3)
        sizes = [longer + (rest > n) for n in range(3)]
        first = told[: sizes[0]]
        last = told[len(told) - sizes[2] :] if sizes[2] else []
        if not first or not last:
            return False
        factor = factor_of(metric)
        ends = [estimate(metric, (p.scores[metric] for p in part)) for part in (last, first)]
        error = math.hypot(*(e.std_error or 0.0 for e in ends))
        value, baseline = ((e.value or 0.0) for e in ends)
        self.add(
            "late", min(len(first), len(last)), metric, None, None,
            invited=len(self.people), answered=len(first) + len(last),
            value=value, baseline=baseline, difference=value - baseline,
            low=value - baseline - reference.Z * error, high=value - baseline + reference.Z * error,
        )  # fmt: skip
        return bool(factor)

    def weighted(self, metric: str, counted: dict[str, dict[str, str]]) -> None:
        told = [p for p in self.people if metric in p.scores]
        place = [tuple(counted[m][str(p.levels[m])] for m in counted) for p in told]
        targets = []
        for margin, names in counted.items():
            asked = Counter(names[str(p.levels[margin])] for p in self.people)
            targets.append({level: n / len(self.people) for level, n in asked.items()})
        untrimmed, is_converged = rake(Counter(place), targets)
        trimmed = {cell: min(max(w, 0.3), 3.0) for cell, w in untrimmed.items()}
        weights = [trimmed[cell] for cell in place]
        factor = factor_of(metric)
        value = sum(w * p.scores[metric] for w, p in zip(weights, told, strict=True)) / sum(weights)
        baseline = sum(p.scores[metric] for p in told) / len(told)
        is_open = INSTRUMENTS[self.place[0]]["confidentiality"] == "identified"
        # In confidence each crossing of the margins needs the minimum group, not their sum.
        smallest = None if is_open else min(Counter(place).values())
        self.add(
            "weighted", len(told), metric, None, None,
            smallest=smallest, invited=len(self.people), answered=len(told), value=factor * value,
            baseline=factor * baseline, difference=factor * (value - baseline),
            n_eff=sum(weights) ** 2 / sum(w * w for w in weights),
            trimmed=sum(trimmed[cell] != untrimmed[cell] for cell in place),
            is_converged=is_converged,
        )  # fmt: skip


def factor_of(metric: str) -> float:
    return 100.0 if next(m for m in METRICS if m["metric"] == metric)["unit"] == "score" else 1.0


def estimate(metric: str, values: Iterable[float]) -> reference.Estimate:
    """Return the score of one answer a person, with its error."""
    seen = [Seen(n, value) for n, value in enumerate(values)]
    return reference.score(seen) if factor_of(metric) == 100.0 else reference.share(seen)
