"""From events to the published metric values and changes, in plain Python (domain, 4 and 7)."""

from collections import defaultdict
from collections.abc import Hashable
from datetime import date, datetime, timedelta

import reference
from reference import Estimate, Seen
from reference_cells import (
    METRIC,
    Cell,
    Figure,
    coded,
    counts_for,
    cuts,
    estimate,
    has_total,
    of_one_person,
)
from reference_commerce import sales
from reference_events import AUDIENCES, METRICS, Event, House, Row, events, local_day
from reference_friction import friction
from reference_journeys import JOURNEYS, journeys
from reference_labels import labels, stars
from reference_loop import loop
from reference_periods import after, calendar, counted, first_of
from reference_standings import standings
from reference_support import backlog, support
from reference_suppression import Suppression
from reference_surveys import answers, invitations
from reference_workforce import hiring

# Every domain's second computation, a line each.
HAPPENED = (
    events,
    answers,
    invitations,
    friction,
    journeys,
    hiring,
    labels,
    loop,
    sales,
    stars,
    support,
)
STOOD = (standings, backlog)


class Placing:
    """Where an event counts: its periods, waves closed as late as the last that opened then."""

    def __init__(self, happened: list[tuple[Row, Event]], today: date) -> None:
        self.today = today
        self.closing: dict[tuple[str, date], date] = {}
        for metric, event in happened:
            opened, closed = event.wave
            if opened:
                key = metric["metric"], opened
                self.closing[key] = max(self.closing.get(key, date.min), closed or date.max)

    def periods(self, metric: Row, event: Event) -> list[tuple[str, date, date]]:
        found = []
        if event.period:
            return [event.period] if event.period[0] in counted(metric).split("|") else []
        if event.day and not (event.is_protected and event.wave[0]):
            found = calendar(counted(metric), event.day, self.today)
            if event.is_protected:
                found = [period for period in found if period[0] == "quarter"]
        kinds = metric["periods"].split("|")
        if "wave" in kinds and event.wave[0]:
            closed = self.closing[metric["metric"], event.wave[0]]
            if closed <= self.today:
                found = [*found, ("wave", event.wave[0], closed)]
        if "snapshot" in kinds and event.snapshot and event.snapshot <= self.today:
            found = [*found, ("snapshot", event.snapshot, event.snapshot + timedelta(days=1))]
        return found


def everything(house: House, today: date) -> list[Event]:
    """Return what happened, and how everybody stood over each closed period."""
    happened = [event for events_of in HAPPENED for event in events_of(house)]
    stood = [event for standings_of in STOOD for event in standings_of(house, happened, today)]
    return [*happened, *stood]


def smallest_accounts(house: House) -> dict[Hashable, str]:
    """Return the smallest account of each person, which tells them apart from run to run."""
    names: dict[Hashable, str] = {}
    for account, person in house.persons.items():
        names[person] = min(names.get(person, account), account)
    return names


class Warehouse:
    """All cells of a house with their estimates, statuses and changes."""

    def __init__(self, house: House, lags: dict[str, tuple[int, datetime]]) -> None:
        self.today = local_day(house.as_of) or date.min
        self.house, self.lags = house, lags
        happened = [
            (metric, event)
            for event in everything(house, self.today)
            for metric in METRICS
            if counts_for(metric, event)
        ]
        placing = Placing(happened, self.today)
        self.members: dict[Cell, list[Event]] = defaultdict(list)
        self.ends: dict[Cell, date] = {}
        self.sources: dict[tuple[str, str], set[str]] = defaultdict(set)
        for metric, event in happened:
            self.sources[metric["metric"], event.audience] |= event.sources or {event.source}
            for kind, start, end in placing.periods(metric, event):
                for cut, segment in cuts(metric, event):
                    cell = Cell(event.audience, metric["metric"], kind, start, cut, segment)
                    self.members[cell].append(event)
                    self.ends[cell] = end
        names = smallest_accounts(house)
        self.estimates: dict[Cell, Estimate] = {}
        for cell, found in self.members.items():
            figure = estimate(METRIC[cell.metric], of_one_person(found), names)
            if figure:
                self.estimates[cell] = figure
        self.unknown = {c for c, found in self.members.items() if any(e.is_unknown for e in found)}
        self.suppression = Suppression(
            {
                cell: self.respondents(cell)
                for cell in self.estimates
                # Numbers of a platform are public and count nobody.
                if METRIC[cell.metric]["event"] != "public_count"
            },
            self.members,
        )
        self.hidden = self.suppression.hidden()

    def respondents(self, cell: Cell) -> set[str]:
        """Return who is counted behind a cell: of invitations those who answered."""
        answered = METRIC[cell.metric]["event"] != "invitation"
        return {e.respondent for e in self.members[cell] if answered or e.value}

    def lag(self, metric: str, audience: str) -> tuple[int | None, date | None]:
        """Return the largest lag of the sources behind, and the day of the oldest good load."""
        known = [self.lags[s] for s in self.sources.get((metric, audience), ()) if s in self.lags]
        if not known:
            return None, None
        return max(lag for lag, _ in known), local_day(min(loaded for _, loaded in known))

    def status(self, cell: Cell, figure: Estimate | None, is_latest: bool, end: date) -> str:
        metric = METRIC[cell.metric]
        lag, loaded = self.lag(cell.metric, cell.audience)
        late = lag is not None and lag > int(metric["stale_after_days"]) * 1440
        if cell in self.hidden:
            return "suppressed"
        if late and (is_latest or end > (loaded or date.max)):
            return "stale"
        if figure is None or cell in self.unknown:
            return "not_measured"
        final = end + timedelta(days=maturity(metric, cell))
        if figure.value is None or (cell.period_kind != "snapshot" and final > self.today):
            return "not_mature"
        return "low_n" if figure.n_eff < 30 - 1e-9 and metric["interval_method"] != "none" else "ok"

    def values(self) -> dict[Cell, Figure]:
        """Return every row that must be published."""
        latest: dict[tuple[str, str, str], date] = {}
        for cell in self.estimates:
            key = cell.audience, cell.metric, cell.period_kind
            latest[key] = max(latest.get(key, date.min), cell.period_start)
        rows = {}
        for cell, figure in (self.estimates | self.rests()).items():
            if cell.segment is None or cell.period_kind == "preceding_90":
                continue
            is_latest = latest[cell[:3]] == cell.period_start
            status = self.status(cell, figure, is_latest, self.ends[cell])
            lag, _ = self.lag(cell.metric, cell.audience)
            is_protected = any(event.is_protected for event in self.members[cell])
            # What is told once is told when it is final.
            is_early = is_protected and status == "not_mature"
            rows[cell] = Figure(
                None if status == "suppressed" or is_early or cell in self.unknown else figure,
                self.ends[cell],
                status,
                lag,
            )
        return rows | self.absences() | self.blanks()

    def rests(self) -> dict[Cell, Estimate]:
        """Return what the hidden segments of a line come to together."""
        found = {}
        for rest, cells in self.suppression.rests(self.hidden):
            self.members[rest] = [event for cell in cells for event in self.members[cell]]
            self.ends[rest] = self.ends[cells[0]]
            if any(cell in self.unknown for cell in cells):
                self.unknown.add(rest)
            figure = estimate(METRIC[rest.metric], self.members[rest], {})
            if figure:
                found[rest] = figure
        return found

    def blanks(self) -> dict[Cell, Figure]:
        """Return the empty cells that are published as hidden."""
        return {
            cell: Figure(
                None,
                after(cell.period_kind, cell.period_start),
                "suppressed",
                self.lag(cell.metric, cell.audience)[0],
            )
            for cell in self.suppression.blanks(self.hidden)
        }

    def latest_period(self, kind: str) -> tuple[date, date]:
        """Return the last closed period of a kind: of the calendar, else any that was measured."""
        if kind.startswith("trailing_"):
            end = first_of("month", self.today)
            return end - timedelta(days=int(kind.removeprefix("trailing_"))), end
        if kind not in ("wave", "snapshot"):
            start = first_of(kind, first_of(kind, self.today) - timedelta(days=1))
            return start, after(kind, start)
        seen = [
            c
            for c in self.estimates
            if c.period_kind == kind and (c.cut == "all" or not has_total(METRIC[c.metric]))
        ]
        if seen:
            return max(c.period_start for c in seen), max(self.ends[c] for c in seen)
        if kind == "snapshot":
            return self.today, self.today + timedelta(days=1)
        return self.latest_period("quarter")

    def has(self, cell: Cell) -> bool:
        """Return whether there is a value; of a metric without 'all' any one will do."""
        if "all" in METRIC[cell.metric]["segments"].split("|"):
            return cell in self.estimates
        return any(known[:3] == cell[:3] for known in self.estimates)

    def absences(self) -> dict[Cell, Figure]:
        """Return one row a metric and audience of its families that has none when it is due."""
        rows = {}
        for metric in METRICS:
            kind = metric["change_period"] or metric["periods"].split("|")[0]
            start, end = self.latest_period(kind)
            for audience, row in AUDIENCES.items():
                cell = Cell(audience, metric["metric"], kind, start, "all", "all")
                if row["family"] in metric["families"].split("|") and not self.has(cell):
                    lag, _ = self.lag(cell.metric, audience)
                    rows[cell] = Figure(None, end, self.status(cell, None, True, end), lag)
        return rows

    def changes(self) -> dict[tuple[str, str, str], Row]:
        """Return the tests of the headline metrics: two disjoint, closed periods each."""
        rows: dict[tuple[str, str, str], Row] = {}
        for metric in METRICS:
            if metric["is_headline"] != "true":
                continue
            for audience in {cell.audience for cell in self.estimates}:
                for way, pair in self.pairs(metric, audience).items():
                    found = self.change(metric, *pair)
                    if found:
                        rows[audience, metric["metric"], way] = found
        verdicts = reference.survivors([row["p_value"] for row in rows.values()])
        for row, survives in zip(rows.values(), verdicts, strict=True):
            row["verdict"] = "no clear change"
            if survives:
                row["verdict"] = "up" if row["change"] > 0 else "down"
        return rows

    def pairs(self, metric: Row, audience: str) -> dict[str, tuple[Cell, Cell]]:
        """Return the later and the earlier cell of each way of comparing."""

        def cell(kind: str, start: date) -> Cell:
            return Cell(audience, metric["metric"], kind, start, "all", "all")

        kind = metric["change_period"]
        if kind == "wave":
            starts = {c.period_start for c in self.estimates if c[1:3] == (metric["metric"], kind)}
            waves = sorted(starts)[-2:]
            if len(waves) < 2:
                return {}
            return {"period_before": (cell(kind, waves[1]), cell(kind, waves[0]))}
        now, _ = self.latest_period(kind)
        before = first_of(kind, now - timedelta(days=1))
        found = {
            "period_before": (cell(kind, now), cell(kind, before)),
            "year_before": (cell(kind, now), cell(kind, now.replace(year=now.year - 1))),
        }
        if "preceding_90" in counted(metric):
            start, _ = self.latest_period("trailing_90")
            earlier = cell("preceding_90", start - timedelta(days=90))
            found["window_before"] = cell("trailing_90", start), earlier
        return found

    def change(self, metric: Row, *pair: Cell) -> Row | None:
        if any(c not in self.estimates or c in self.hidden for c in pair):
            return None
        if self.ends[pair[1]] > pair[0].period_start:
            return None
        now, before = (self.estimates[cell] for cell in pair)
        error, is_paired = self.error(metric, *pair)
        if error is None:
            return None
        if now.value is None or before.value is None:
            return {"change": None, "p_value": None, "is_paired": False}
        change = now.value - before.value
        return {
            "change": change,
            "p_value": reference.p_value(change / error) if error else None,
            "low": change - reference.Z * error,
            "high": change + reference.Z * error,
            "smallest_detectable": (reference.Z + 0.841621) * error,
            "is_paired": is_paired,
        }

    def error(self, metric: Row, now: Cell, before: Cell) -> tuple[float | None, bool]:
        """Return the error of the difference, None where a protected change may not be shown."""
        errors = [self.estimates[cell].std_error for cell in (now, before)]
        apart = sum((e or 0.0) ** 2 for e in errors) ** 0.5 if None not in errors else 0.0
        if metric["kind"] == "quantile":
            return apart, False
        seen = [
            [
                Seen(e.respondent, coded(metric, e.value), exposure=e.exposure)
                for e in self.members[cell]
            ]
            for cell in (now, before)
        ]
        moved = {s.respondent for s in seen[0]} ^ {s.respondent for s in seen[1]}
        least = max(5, int((AUDIENCES.get(now.audience) or {}).get("minimum_group") or 5))
        if self.members[now][0].is_protected and 0 < len(moved) < least:
            return None, False
        together, is_paired = reference.paired_error(*seen)
        factor = 100.0 if metric["unit"] in ("score", "per_hundred") else 1.0
        return (together * factor if together > 1e-9 else apart), is_paired


def maturity(metric: Row, cell: Cell) -> int:
    """Return the days until a period is final: those of a stage's journey, else the registry's."""
    if metric["event"] == "stage" and cell.cut != "all":
        journey = (cell.segment or "").partition(";")[0].removeprefix("journey=")
        return int(JOURNEYS[journey]["window_days"])
    return int(metric["maturity_days"])
