"""A package against its source's own history: volume, silence, shares and spreads."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from quality import expectations, history
from quality.expectations import ENOUGH_LOADS, Expected, Silence
from quality.history import Health
from quality.judge import Rule, judge
from quality.packages import known_tables, streams
from quality.profiles import (
    MOST_ROWS,
    Looked,
    Profile,
    beside_known,
    bins,
    package_of,
    repeated,
    shares,
)

MOST_FINDINGS = 3  # of a table, the farthest beyond first; one fault shows in many columns
TODAY = "%Y-%m-%d %H:%M"

HABIT = Rule(
    "beyond",
    "{table}: {what} in {came:.0%} of {of:.0f} rows; {loads:.0f} earlier loads let "
    "expect {low:.0%} to {high:.0%}",
    high=0,
)
VOLUME = Rule(
    "beyond",
    "{table}: {came:.0f} {what} came; {loads:.0f} earlier loads let expect {low:.0f} or more",
    high=0,
)
SILENCE = Rule(
    "beyond",
    "{table}: nothing newer than {newest} came, {hours:.0f} hours before the clock; its longest "
    "silence within a year was {longest:.0f} hours",
    high=0,
)


def against_history(
    db: duckdb.DuckDBPyConnection,
    connector: Any,
    package: Mapping[str, Path],
    as_of: datetime,
    counts: Sequence[Any],
) -> tuple[list[Profile], list[str], set[str]]:
    """Return what the package looks like, what is out of its source's habit, and who has a habit.

    How each table stands is written down on the way, whatever the verdict.
    """
    if not counts:
        return [], [], set()
    known = known_tables(db, connector.name)
    since = history.last_load(db, connector.name)
    earlier = [profile for _, profile in history.past(db, connector.name)]
    of_table = {count.table: count for count in counts}
    profiles: list[Profile] = []
    findings: list[str] = []
    healths: list[Health] = []
    for table in connector.tables:
        if table.name not in of_table:
            continue
        seen = list(_profiles(db, connector, table, package, known, as_of, since, of_table))
        silent = _silence(db, table, known, package.get(table.name), as_of)
        found, health = _judged(table, seen, earlier, silent)
        profiles += seen
        findings += found
        healths.append(health)
    history.write_health(db, connector.name, as_of, healths)
    return profiles, findings, {one.table_name for one in healths if one.loads}


def _judged(
    table: Any, seen: Sequence[Profile], earlier: Sequence[Profile], silent: Silence | None
) -> tuple[list[str], Health]:
    whole = seen[0]
    volumes = list(expectations.volume(whole, earlier, is_read_in_part(table)))
    odd = [
        _facts(found, profile.stream)
        for profile in seen
        for found in expectations.shares(profile, earlier)
    ]
    farthest = sorted(odd, key=lambda facts: -facts["beyond"])[:MOST_FINDINGS]
    quiet = [_facts_of_silence(silent)] if silent and silent.beyond else []
    few = [_facts(found) for found in volumes if found.beyond]
    findings = [
        *judge(_frame(few), [VOLUME]),
        *judge(_frame(quiet), [SILENCE]),
        *judge(_frame(farthest), [HABIT]),
    ]
    return findings, _health(table.name, whole, volumes, silent, findings)


def _health(
    table: str,
    whole: Profile,
    volumes: Sequence[Expected],
    silent: Silence | None,
    findings: Sequence[str],
) -> Health:
    rows = volumes[0] if volumes else None
    if findings:
        status, reason = "odd", "; ".join(findings)
    elif rows is None:
        status = "no_habit_yet"
        reason = (
            f"fewer than {ENOUGH_LOADS} earlier loads over a like span; nothing is expected yet"
        )
    else:
        status, reason = "as_usual", f"like {rows.loads} earlier loads over a like span"
    return Health(
        table, status, reason, whole.rows,
        rows.low if rows else None, rows.high if rows else None, rows.loads if rows else 0,
        silent.newest if silent else None, silent.hours if silent else None,
        silent.allowed if silent else None,
    )  # fmt: skip


def _profiles(
    db: duckdb.DuckDBPyConnection,
    connector: Any,
    table: Any,
    package: Mapping[str, Path],
    known: Mapping[str, str],
    as_of: datetime,
    since: datetime | None,
    counts: Mapping[str, Any],
) -> Iterator[Profile]:
    """Yield what came of a table, as a whole first, then stream by stream."""
    count = counts[table.name]
    span = (as_of - since).total_seconds() / 3600 if since else None
    told = {
        "a row was set aside": (count.quarantined, count.extracted),
        "a row that is known did not come again": (count.missing, count.held),
    }
    if not is_read_in_part(table):
        told["a row came twice"] = (count.duplicate, count.extracted)
    volume = (span, count.new + count.changed, count.extracted)
    new = count.new
    file, past = package.get(table.name), known.get(table.name)
    if past:
        told |= beside_known(db, table, file, past, count.still)
        if not table.stream:
            told |= repeated(db, table, package_of(file, past), past, count.still)
    # Before anything is known nothing is habit: a first load is only counted.
    if not (file and past and since):
        yield Profile(table.name, None, *volume, told, new=new)
        return
    siblings = {
        other.name: (other.key[0], _with_package(known[other.name], package.get(other.name), other))
        for other in connector.tables
        if other.name in known and len(other.key) == 1 and other.name != table.name
    }
    if table.stream:
        yield Profile(table.name, None, *volume, told, new=new)
    for stream, came, before in streams(db, table, file, past):
        alive = f"(from {came} where _deleted_reason is null limit {MOST_ROWS})"
        living = f"(from {before} where _deleted_reason is null)"
        looked = Looked(table, alive, living, siblings, as_of, since)
        spread, ordered = bins(db, looked)
        # Streams know nothing of one another: the invitations of one survey may be all alike.
        found = shares(db, looked)
        found |= repeated(db, table, came, living, 0) if table.stream else told
        of = (stream or "none") if table.stream else None
        yield Profile(table.name, of, *volume, found, spread, ordered, new)


def is_read_in_part(table: Any) -> bool:
    """Say whether a load may read other parts than the last one: of files, those that changed."""
    return not (table.time or table.is_whole)


def _with_package(known: str, file: Path | None, table: Any) -> str:
    key = f'"{table.key[0]}"'
    came = f" union all select {key} from read_parquet('{file}')" if file else ""
    return f"(select {key} from {known}{came})"


def _silence(
    db: duckdb.DuckDBPyConnection,
    table: Any,
    known: Mapping[str, str],
    file: Path | None,
    as_of: datetime,
) -> Silence | None:
    """Return how long nothing newer has come, beside the longest such silence of the last year."""
    if not table.time or table.name not in known:
        return None
    came = (
        f" union all select \"{table.time}\" as moment from read_parquet('{file}')" if file else ""
    )
    row = db.execute(
        f"""
        with moments as (
            select distinct cast(moment as timestamptz) as moment
            from (select "{table.time}" as moment from {known[table.name]}{came})
            where moment <= $as_of and moment > $as_of - interval 365 day
        ),
        gaps as (
            select
                moment,
                date_diff('minute', lag(moment) over (order by moment), moment) / 60e0 as hours
            from moments
        )
        select max(moment), max(hours), count(*), date_diff('day', min(moment), max(moment))
        from gaps
        """,
        {"as_of": as_of},
    ).fetchone()
    newest, longest, events, days = row or (None, None, 0, 0)
    return expectations.silence(table.name, newest, longest, events, days or 0, as_of)


def _facts(found: Expected, stream: str | None = None) -> dict[str, Any]:
    what = f"{found.what} (of {stream})" if stream else found.what
    return {
        "table": found.table, "what": what, "came": found.came, "of": float(found.of),
        "low": found.low,
        "high": found.high, "loads": float(found.loads), "beyond": found.beyond,
    }  # fmt: skip


def _facts_of_silence(silent: Silence) -> dict[str, Any]:
    return {
        "table": silent.table, "newest": silent.newest.strftime(TODAY), "hours": silent.hours,
        "longest": silent.longest, "beyond": silent.beyond,
    }  # fmt: skip


def _frame(facts: Sequence[Mapping[str, Any]]) -> Any:
    import pandas as pd

    return pd.DataFrame([dict(one) for one in facts])
