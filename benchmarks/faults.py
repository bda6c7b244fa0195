"""Faults as a vendor would send them, drawn from the declared columns of what came."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TIMES = ("timestamp", "epoch_s", "epoch_ms")
NUMBERS = ("bigint", "double")
LEAST_ROWS = 10  # a fault in fewer rows of one load is no fault of a source
ZONES = (-8, -5, 1, 2, 3, 5.5, 8)
OF_EACH = 10


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: what is replaced in a table of a source.

    `columns` are {column: SQL}; `keep` is SQL that holds of the rows that are still sent; `again`
    are {column: SQL} of a second copy of each row. `days` is for how long nothing newer comes.
    """

    kind: str
    source: str
    table: str
    what: str
    columns: Mapping[str, str]
    keep: str = "true"
    again: Mapping[str, str] | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A table of which enough rows came: its declaration, and its rows by column without nulls."""

    source: str
    table: Any
    rows: int


def draw(sent: list[Sent], seed: int, values: Callable[[Sent, str], list[str]]) -> Iterator[Mutant]:
    """Yield mutants of each kind over tables and columns that a seeded generator chooses.

    `values` gives the values that a text column is known to have, where they are few.
    """
    chance = random.Random(seed)
    for kind, (places, make) in KINDS.items():
        found = [(one, column) for one in sent for column in places(one)]
        chance.shuffle(found)
        made = (make(kind, one, column, chance, values) for one, column in found)
        kept = [mutant for mutant in made if mutant]
        yield from kept[:OF_EACH]
    yield from stale(sent, chance)


def stale(sent: list[Sent], chance: random.Random) -> Iterator[Mutant]:
    """Yield, of each source that tells times, some days without anything newer."""
    for source in sorted({one.source for one in sent if one.table.time}):
        for days in chance.sample(range(3, 15), 2):
            yield Mutant(
                "stale source", source, "*", f"nothing newer for {days} days", {}, days=days
            )


def columns_of(*kinds: str) -> Callable[[Sent], list[str]]:
    """Return a function that lists the columns of some types that are no part of the key."""
    return lambda one: [
        name
        for name, column in one.table.columns.items()
        if column.type in kinds and name not in one.table.key
    ]


def references(one: Sent) -> list[str]:
    """Return the columns that hold keys of something else."""
    return [
        name
        for name in one.table.columns
        if name.endswith("_id") and (name,) != tuple(one.table.key)
    ]


def measures(one: Sent) -> list[str]:
    """Return the columns that hold numbers which measure something, and answers to questions."""
    numbers = [name for name in columns_of(*NUMBERS)(one) if not name.endswith("_id")]
    return numbers + [name for name in one.table.columns if name == "values"]


def some(one: Sent, percent: int) -> str:
    """Return SQL that holds for some of a table's rows, always the same."""
    keys = ", ".join(f'"{name}"' for name in one.table.key)
    return f"hash({keys}) % 100 < {percent}"


def null(kind: str, one: Sent, column: str, chance: random.Random, _: Any) -> Mutant:
    """Leave a column empty in most rows."""
    percent = chance.choice([60, 80, 100])
    change = f'case when {some(one, percent)} then null else "{column}" end'
    return _mutant(kind, one, f"{column} is null in {percent} %", {column: change})


def twice(kind: str, one: Sent, column: str, chance: random.Random, _: Any) -> Mutant:
    """Send each row a second time."""
    is_number = one.table.columns[column].type == "bigint"
    other = f'"{column}" + 900000000' if is_number else f"'again-' || \"{column}\""
    renamed = chance.random() < 0.75
    what = "each row comes again under another key" if renamed else "each row comes twice"
    again = {column: other} if renamed else {}
    return Mutant(kind, one.source, one.table.name, what, {}, again=again)


def halved(kind: str, one: Sent, column: str, chance: random.Random, _: Any) -> Mutant:
    """Leave half of the rows out."""
    keep = f"not ({some(one, 50)})"
    return Mutant(kind, one.source, one.table.name, "half of the rows are left out", {}, keep)


def zone(kind: str, one: Sent, column: str, chance: random.Random, _: Any) -> Mutant:
    """Move times as a forgotten time zone does."""
    hours = chance.choice(ZONES)
    names = [column] if chance.random() < 0.5 else columns_of(*TIMES)(one)
    moved = {name: f'"{name}" + to_minutes({int(hours * 60)})' for name in names}
    return _mutant(kind, one, f"{', '.join(names)} by {hours:+g} hours", moved)


def scale(kind: str, one: Sent, column: str, chance: random.Random, _: Any) -> Mutant:
    """Send numbers on another scale."""
    label, rule = chance.choice([("times ten", "{} * 10"), ("halved", "ceil({} / 2.0)")])
    if one.table.columns[column].type == "json":
        answer = "try_cast(json_extract_string(document, '$.\"' || key || '\"') as double)"
        change = (
            f"(select to_json(map_from_entries(list((key, coalesce(cast({rule.format(answer)} as "
            "varchar), json_extract_string(document, '$.\"' || key || '\"')))))) "
            f'from (select "{column}" as document, unnest(json_keys("{column}")) as key))'
        )
    else:
        change = (
            f'case when "{column}" is not null then {rule.format(chr(34) + column + chr(34))} end'
        )
    return _mutant(kind, one, f"{column} {label}", {column: change})


def drift(kind: str, one: Sent, column: str, chance: random.Random, values: Any) -> Mutant | None:
    """Send one value, or larger numbers, in most rows."""
    type_ = one.table.columns[column].type
    if type_ in NUMBERS:
        factor = chance.choice([3, 5])
        change = f'case when {some(one, 80)} then "{column}" * {factor} else "{column}" end'
        return _mutant(kind, one, f"{column} times {factor} in 80 %", {column: change})
    known = ["true", "false"] if type_ == "boolean" else values(one, column)
    if not known:
        return None
    value = chance.choice(known).replace("'", "''")
    change = f"case when {some(one, 80)} then '{value}' else \"{column}\" end"
    return _mutant(kind, one, f"{column} is '{value}' in 80 %", {column: change})


def broken(kind: str, one: Sent, column: str, chance: random.Random, _: Any) -> Mutant:
    """Refer to what nobody knows."""
    percent = chance.choice([60, 80, 100])
    is_number = one.table.columns[column].type == "bigint"
    other = f'"{column}" + 700000000' if is_number else f"'gone-' || \"{column}\""
    change = f'case when {some(one, percent)} then {other} else "{column}" end'
    return _mutant(kind, one, f"{column} is unknown in {percent} %", {column: change})


def future(kind: str, one: Sent, column: str, chance: random.Random, _: Any) -> Mutant:
    """Send dates that have not come yet."""
    percent, days = chance.choice([40, 70, 100]), chance.choice([30, 365, 3650])
    later = f'"{column}" + interval {days} day'
    change = f'case when {some(one, percent)} then {later} else "{column}" end'
    return _mutant(kind, one, f"{column} by {days} days in {percent} %", {column: change})


def _mutant(kind: str, one: Sent, what: str, columns: Mapping[str, str]) -> Mutant:
    return Mutant(kind, one.source, one.table.name, what, columns)


def _first_key(one: Sent) -> list[str]:
    return [n for n in one.table.key if one.table.columns[n].type in ("bigint", "string")][:1]


Maker = Callable[[str, Sent, str, random.Random, Any], Mutant | None]
KINDS: dict[str, tuple[Callable[[Sent], list[str]], Maker]] = {
    "nulls": (columns_of("string", "boolean", "date", *TIMES, *NUMBERS), null),
    "duplicates": (_first_key, twice),
    "halved volume": (_first_key, halved),
    "shifted time zone": (columns_of(*TIMES), zone),
    "swapped scale": (measures, scale),
    "drifted distribution": (columns_of("string", "boolean", *NUMBERS), drift),
    "broken reference": (references, broken),
    "future dates": (columns_of("date", *TIMES), future),
}
