"""What a load looks like, in counts: how many of its rows are so, and how they spread over bins.

A profile holds no row: a text is counted by its length, or by its value where few values cover
the whole table, each of them many rows. So it may be kept beside raw for as long as it serves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb

from storage.sql import quoted

MOST_ROWS = 20_000  # of a larger package a sample is looked at
MOST_VALUES = 20  # a text with more values is a name or a sentence, not a code
LEAST_HOLDERS = 5  # a value that fewer rows hold is nobody's business
ENOUGH_KNOWN = 100
CODE = "[a-z0-9_-]{1,40}"
OTHER = "another value"
TIMES = ("timestamp", "epoch_s", "epoch_ms")
NUMBERS = ("bigint", "double")


@dataclass(frozen=True, slots=True)
class Profile:
    """The counts of one load of one table, or of one stream of it.

    `shares` are {sentence: (rows that are so, of how many)}; `bins` are {column: {bin: rows}}, of
    which `ordered` run from small to large. `span` is how many hours since the last good load,
    `rows` are new or changed, `new` of them new.
    """

    table: str
    stream: str | None
    span: float | None
    rows: int
    extracted: int
    shares: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    bins: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    ordered: frozenset[str] = frozenset()
    new: int = 0


@dataclass(frozen=True, slots=True)
class Looked:
    """What a table is looked at with: the rows that came, all that is known, and its siblings.

    `came` and `known` are relations; `siblings` {table: (key column, relation)} are those that a
    column may refer to.
    """

    table: Any
    came: str
    known: str
    siblings: Mapping[str, tuple[str, str]]
    as_of: datetime
    since: datetime | None


def shares(db: duckdb.DuckDBPyConnection, looked: Looked) -> dict[str, tuple[int, int]]:
    """Return how many rows that came are so, of how many that could be, by a sentence on it."""
    parts = [*_empty(looked), *_of_times(looked)]
    counted = ", ".join(f"{so}, {of}" for _, so, of in parts)
    row = db.execute(f"select {counted} from {looked.came}").fetchone() or ()
    pairs = zip(row[::2], row[1::2], strict=True)
    found = {name: pair for (name, *_), pair in zip(parts, pairs, strict=True)}
    return found | dict(_unknown(db, looked))


def _empty(looked: Looked) -> Iterator[tuple[str, str, str]]:
    for name in looked.table.columns:
        yield f"{name} is empty", f'count(*) filter ("{name}" is null)', "count(*)"


def _of_times(looked: Looked) -> Iterator[tuple[str, str, str]]:
    columns = looked.table.columns.items()
    times = [name for name, column in columns if column.type in TIMES]
    for name in times:
        ahead = f"\"{name}\" > timestamptz '{looked.as_of.isoformat()}' + interval 1 hour"
        yield f"{name} lies after the clock", f"count(*) filter ({ahead})", f'count("{name}")'
    for name in (name for name, column in columns if column.type == "date"):
        ahead = f"\"{name}\" > date '{looked.as_of.date()}' + 1"
        yield f"{name} lies after the clock", f"count(*) filter ({ahead})", f'count("{name}")'
    for one, other in combinations(times, 2):
        after = f'count(*) filter ("{one}" > "{other}")'
        yield f"{one} lies after {other}", after, f'count("{one}" + ("{other}" - "{other}"))'
    if looked.since and looked.table.time in times:
        late = f"\"{looked.table.time}\" < timestamptz '{looked.since.isoformat()}'"
        of = f'count("{looked.table.time}")'
        yield f"{looked.table.time} lies before the last load", f"count(*) filter ({late})", of


def _unknown(
    db: duckdb.DuckDBPyConnection, looked: Looked
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield, of each column that holds keys of another table, how many of them are unknown."""
    for name in looked.table.columns:
        if not name.endswith("_id") or (name,) == looked.table.key:
            continue
        target = _target(db, looked, name)
        if target:
            key, relation = looked.siblings[target]
            found = db.execute(
                f"""
                select count(*) filter (_known is null), count(*)
                from (
                    select cast("{name}" as varchar) as _id from {looked.came} where _id is not null
                ) left join (select distinct cast("{key}" as varchar) as _known from {relation})
                    on _id = _known
                """
            ).fetchone()
            if found:
                yield f"{name} is unknown in {target}", found


def _target(db: duckdb.DuckDBPyConnection, looked: Looked, name: str) -> str | None:
    """Return the table whose keys a column holds in nine of ten known rows; found, not declared."""
    if not looked.siblings:
        return None
    tests = ", ".join(
        f'avg(cast(_id in (select cast("{key}" as varchar) from {relation}) as integer))'
        for key, relation in looked.siblings.values()
    )
    sample = f'select cast("{name}" as varchar) as _id from {looked.known} where _id is not null'
    row = db.execute(f"select {tests} from ({sample} limit {ENOUGH_KNOWN * 10})").fetchone() or ()
    best = max(zip(row, looked.siblings, strict=True), key=lambda found: found[0] or 0)
    return best[1] if (best[0] or 0) >= 0.9 else None


def beside_known(
    db: duckdb.DuckDBPyConnection, table: Any, file: Path | None, known: str, still: int
) -> dict[str, tuple[int, int]]:
    """Return what the rows that came do to those known, of all that came again.

    How many known rows came with another value, by column, and how many as gone. Most columns of a
    known row never change, so a fault in one shows in the first known row. Of a package only what
    is changed is left; `still` living rows came again.
    """
    columns = [name for name in table.columns if name not in table.key]
    key = ", ".join(f'"{name}"' for name in table.key)
    came = f"(from {package_of(file, known)} limit {MOST_ROWS})"
    living = f"(from {known} where _deleted_reason is null)"
    lives = "came._deleted_reason is null"
    counted = "".join(
        f', count(*) filter ({lives} and came."{name}" is distinct from known."{name}")'
        for name in columns
    )
    again, gone, *changed = db.execute(
        f"select count(*), count(*) filter (not ({lives})){counted} "
        f"from {came} as came inner join {living} as known using ({key})"
    ).fetchall()[0]
    named = zip(columns, changed, strict=True)
    found = {f"{name} of a known row came changed": (so, again + still) for name, so in named}
    found["a row that is known is gone"] = (gone, again + still)
    return found


def package_of(file: Path | None, known: str) -> str:
    """Return what came as a relation, shaped like what is known where nothing came."""
    return f"read_parquet({quoted(str(file))})" if file else f"(from {known} limit 0)"


def repeated(
    db: duckdb.DuckDBPyConnection, table: Any, came: str, known: str, still: int
) -> dict[str, tuple[int, int]]:
    """Return how many rows that came say what another row says, be it known or not, of all."""
    columns = [f'"{name}"' for name in table.columns if name not in table.key]
    if not columns:
        return {}
    said = f"hash({', '.join(columns)}) as _said"
    so, of = db.execute(
        f"""
        with came as (select {said} from {came} where _deleted_reason is null limit {MOST_ROWS}),
        known as (
            select distinct {said} from {known}
            where _deleted_reason is null and _said in (from came)
        )
        select count(*) - count(distinct if(known._said is null, came._said, null)), count(*)
        from came left join known using (_said)
        """
    ).fetchall()[0]
    return {"a row repeats another under a new key": (so, of + still)}


def bins(
    db: duckdb.DuckDBPyConnection, looked: Looked
) -> tuple[dict[str, dict[str, int]], frozenset[str]]:
    """Return how the rows that came spread over the bins of each column, and which are ordered."""
    asked = [part for name in looked.table.columns for part in _binned(db, looked, name)]
    asked += _apart(looked)
    found: dict[str, dict[str, int]] = {}
    if asked:
        parts = (
            f"select {quoted(name)} as figure, cast({label} as varchar) as _bin, count(*) as _n "
            f"from {rows} where _bin is not null group by all"
            for name, label, rows, _ in asked
        )
        for name, label, count in db.execute(" union all ".join(parts)).fetchall():
            found.setdefault(name, {})[label] = count
    found |= {f"{name}": spread for name, spread in _answers(db, looked)}
    ordered = {name for name, _, _, is_ordered in asked if is_ordered}
    return found, frozenset(ordered | {name for name in found if "." in name})


def _binned(
    db: duckdb.DuckDBPyConnection, looked: Looked, name: str
) -> Iterator[tuple[str, str, str, bool]]:
    """Yield name, bin, relation and whether it is ordered, for what is counted of a column."""
    kind = looked.table.columns[name].type
    column = f'"{name}"'
    if kind in TIMES:
        yield f"the hour of {name}", f"hour({column})", looked.came, True
    elif kind == "date":
        yield f"the year of {name}", f"year({column})", looked.came, True
    elif kind == "boolean":
        yield name, column, looked.came, False
    elif kind in NUMBERS and not (name.endswith("_id") or name in looked.table.key):
        yield name, _rounded(column), looked.came, True
    elif kind == "string":
        if values := _codes(db, looked, name):
            listed = ", ".join(quoted(value) for value in values)
            # A value that is no plain code may be a name, and a finding is read by many.
            is_code = f"regexp_full_match({column}, '{CODE}')"
            label = f"if({is_code}, {column}, '#' || left(md5({column}), 4))"
            code = f"case when {column} in ({listed}) then {label} "
            yield name, f"{code} when {column} is not null then '{OTHER}' end", looked.came, False
        yield f"the length of {name}", _rounded(f"length({column})"), looked.came, True


def _apart(looked: Looked) -> Iterator[tuple[str, str, str, bool]]:
    """Yield how far one time of a row lies from another; one of them in another zone shows there.

    A bin begins where the minutes are a power of two, less one.
    """
    times = [name for name, column in looked.table.columns.items() if column.type in TIMES]
    for one, other in combinations(times, 2):
        minutes = f"""date_diff('minute', "{one}", "{other}")"""
        power = f"cast(floor(log2(abs({minutes}) + 1)) as bigint)"
        label = f"sign({minutes}) * ((1::bigint << {power}) - 1)"
        yield f"the minutes from {one} to {other}", label, looked.came, True


def _rounded(number: str) -> str:
    """Return SQL for a number to two significant digits, which is one bin."""
    digits = f"1 - cast(floor(log10(abs({number}))) as integer)"
    return f"case when {number} = 0 then 0 else round(cast({number} as double), {digits}) end"


def _codes(db: duckdb.DuckDBPyConnection, looked: Looked, name: str) -> list[str]:
    """Return the values of a text column that is a code: few values, each of many rows."""
    rows = db.execute(
        f"""
        select _value from (
            select
                "{name}" as _value, count(*) as _n,
                sum(_n) over () as _known, count(*) over () as _many
            from {looked.known} where _value is not null group by _value
        ) where _known >= {ENOUGH_KNOWN} and _many <= {MOST_VALUES} and _n >= {LEAST_HOLDERS}
        order by _value
        """
    ).fetchall()
    return [value for (value,) in rows]


def _answers(db: duckdb.DuckDBPyConnection, looked: Looked) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the spread of the numbers in JSON objects, such as a survey's answers by question."""
    for name, column in looked.table.columns.items():
        if column.type != "json":
            continue
        rows = db.execute(
            f"""
            with keyed as (
                select "{name}" as document, unnest(json_keys("{name}")) as key from {looked.came}
                where json_type("{name}") = 'OBJECT'
            ),
            numbers as (
                select key, try_cast(json_extract_string(document, '$."' || key || '"') as double)
                    as number
                from keyed
            )
            select key, cast({_rounded("number")} as varchar), count(*) from numbers
            where isfinite(number) group by all
            """
        ).fetchall()
        spread: dict[str, dict[str, int]] = {}
        for key, label, count in rows:
            spread.setdefault(f"{name}.{key}", {})[label] = count
        yield from spread.items()
