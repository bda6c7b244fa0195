"""From a vendor's page of rows to a typed, columnar page: declared columns, nothing lost.

A row that does not fit is put into the table `quarantine` with its reason; keys that were not
declared are counted and dropped (data minimisation); a declared key that no row carries stops
the source before anything is loaded.
"""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import dlt
import orjson
import pyarrow as pa
from dlt.extract import DltResource
from dlt.extract.items_transform import ItemTransform

from ingestion.connector import Column, ColumnType, Table
from ingestion.errors import BrokenShape, VanishedColumn

QUARANTINE = Table(
    name="quarantine",
    key=("quarantine_id",),
    columns={
        "quarantine_id": Column("string"),
        "source_table": Column("string"),
        "record_key": Column("string"),
        "reason": Column("string"),
        "record": Column("json"),
    },
    description="Rows set aside on the way in, with the reason.",
)
BROKEN_SHARE = 0.5  # over half the rows misshapen is a changed API, not dirty data

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "json": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "epoch_s": pa.timestamp("us", "UTC"),
    "epoch_ms": pa.timestamp("us", "UTC"),
}
# NUL and lone surrogates are valid JSON escapes that no column store takes.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ABSENT = object()
EMPTY_DATES = {"", "0000-00-00", "0001-01-01T00:00:00Z"}


@dataclass(slots=True)
class Tally:
    """What was seen of one table in one load; rows, and keys by name.

    `living` are the extracted rows that say of nothing that it is gone; `judged` are
    quarantined ones that a reader set aside, which has itself refused what is broken as a whole.
    `aside` are the keys of what is quarantined: it is there, whatever else is wrong with it.
    `kept_out` are rows of persons who were erased; no other figure counts them.
    `emptied` is the worst that a scope did to what it erases: rows left, of how many.
    """

    table: Table
    extracted: int = 0
    living: int = 0
    quarantined: int = 0
    judged: int = 0
    replaced_characters: int = 0
    kept_out: int = 0
    undeclared: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    scopes: list["Scope"] = field(default_factory=list)
    emptied: tuple[int, int] | None = None
    problems: list[str] = field(default_factory=list)
    plan: list[tuple[str, list[str], ColumnType]] = field(init=False)
    declared: set[str] = field(init=False)

    def __post_init__(self) -> None:
        columns = self.table.columns.items()
        self.plan = [(name, (c.path or name).split("."), c.type) for name, c in columns]
        self.declared = {path[0] for _, path, _ in self.plan} | {"_deleted_reason"}

    @property
    def absent(self) -> list[str]:
        """Declared columns that no row carried, of those the vendor always sends."""
        declared = self.table.columns.items()
        return [name for name, column in declared if not column.optional and name not in self.seen]


def arrow_schema(table: Table) -> pa.Schema:
    """Return the schema of a raw table: declared columns, then the house's own."""
    declared = [(name, ARROW_TYPES[column.type]) for name, column in table.columns.items()]
    house = [("_content_hash", pa.string()), ("_deleted_reason", pa.string())]
    return pa.schema(declared + house)


def content_hash(values: list[Any]) -> str:
    """Return a 128-bit hash that changes when any value does."""
    return hashlib.blake2b(orjson.dumps(values), digest_size=16).hexdigest()


def land(
    resource: DltResource, tally: Tally, keep_out: "Callable[[Page], Page] | None" = None
) -> DltResource:
    """Make a resource of JSON pages land columnar, keyed and merged, as its table declares.

    What `keep_out` takes out of a page was never here: it is counted apart from all other rows.
    """
    resource.apply_hints(**table_hints(tally.table))
    return resource.add_step(Columnar(tally, keep_out))


def table_hints(table: Table) -> dict[str, Any]:
    """Return the dlt hints of a raw table: its name, key and idempotent merge."""
    return {
        "table_name": table.name,
        "write_disposition": {"disposition": "merge", "strategy": "delete-insert"},
        "primary_key": list(table.key),
    }


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows that a load speaks for whole: what raw holds of them and it does not bring is gone.

    `where` gives the value of each column that marks those rows; `reason` goes on the tombstones.
    `erases` leaves nothing but the key on them: what a vendor drops without a word may be a person
    who asked for it.
    """

    where: Mapping[str, str]
    reason: str
    erases: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is columnar already: rows that fit, and rows of the table `quarantine`.

    `scope` says which rows of raw the page and those beside it replace as a whole. `problems`
    {name: sentence} is what could not be read at all: it is set aside under its name, the rest
    loads, and the load reports it.
    """

    good: pa.Table
    bad: pa.Table
    scope: Scope | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


def page_of(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Return a connector's own rows in the shape of a raw table; what one lacks is null.

    A time is given as ISO 8601.
    """
    schema = arrow_schema(table)
    times = [name for name, column in table.columns.items() if column.type == "timestamp"]
    shaped = []
    for row in rows:
        values = {name: row.get(name) for name in schema.names}
        values["_content_hash"] = content_hash(list(values.values()))
        values |= {name: datetime.fromisoformat(row[name]) for name in times if row.get(name)}
        shaped.append(values)
    return pa.Table.from_pylist(shaped, schema=schema)


def end_of(table: Table, scope: Scope) -> Page:
    """Return a page without rows, which says that the pages before it were all there is."""
    return Page(arrow_schema(table).empty_table(), arrow_schema(QUARANTINE).empty_table(), scope)


def live_ids(page: "pa.Table | list[dict[str, Any]]") -> list[Any]:
    """Return the ids of a landed page, without tombstones and without rows that were set aside.

    For transformers, which ask the vendor for more of each row of their parent.
    """
    if isinstance(page, list):
        return [row["id"] for row in page if row.get("_deleted_reason") is None]
    if "id" not in page.column_names:
        return []
    return page.filter(page["_deleted_reason"].is_null())["id"].to_pylist()


class Columnar(ItemTransform[Any, dict[str, Any]]):
    """Turn each page of rows into an Arrow table and set misfits aside."""

    placement_affinity: ClassVar[float] = 1.05  # after the cursor has seen the vendor's own row

    def __init__(self, tally: Tally, keep_out: Callable[[Page], Page] | None = None) -> None:
        super().__init__(lambda page: page)
        self.tally, self.keep_out = tally, keep_out

    def __call__(self, item: Any, meta: Any = None) -> Iterator[Any]:
        page = item if isinstance(item, Page) else convert(item, self.tally)
        if page is item and page.good.num_rows + page.bad.num_rows:
            self.tally.seen.update(page.good.column_names)
        if self.keep_out:
            came = page.good.num_rows + page.bad.num_rows
            page = self.keep_out(page)
            self.tally.kept_out += came - page.good.num_rows - page.bad.num_rows
        count(page, self.tally)
        self.tally.judged += page.bad.num_rows if isinstance(item, Page) else 0
        if page.good.num_rows or page.scope:
            yield page.good
        aside = pa.concat_tables([page.bad, _unread(page.problems)])
        if aside.num_rows:
            hints = dlt.mark.make_hints(**table_hints(QUARANTINE))
            yield dlt.mark.with_hints(aside, hints, create_table_variant=True)


def count(page: Page, tally: Tally) -> None:
    """Add a page's rows to the tally of its table."""
    tally.extracted += page.good.num_rows + page.bad.num_rows
    tally.living += page.good["_deleted_reason"].null_count + page.bad.num_rows
    tally.quarantined += page.bad.num_rows
    tally.aside.update(page.bad.column("record_key").to_pylist())
    tally.reasons.update(page.bad.column("reason").to_pylist())
    tally.problems.extend(page.problems.values())
    if page.scope:
        tally.scopes.append(page.scope)


def _unread(problems: Mapping[str, str]) -> pa.Table:
    """Return what could not be read at all as rows of the table `quarantine`."""
    values = [[content_hash([name, why]), name, name, why, "{}"] for name, why in problems.items()]
    return _arrow([[*row, content_hash(row), None] for row in values], QUARANTINE)


def convert(item: Any, tally: Tally) -> Page:
    """Return a page of JSON rows (or one row) as Arrow, misfits apart with their reason."""
    good: list[list[Any]] = []
    bad: list[list[Any]] = []
    for row in item if isinstance(item, list) else [item]:
        try:
            good.append(_read_row(row, tally))
        except (ValueError, TypeError) as misfit:
            bad.append(_quarantine_row(row, str(misfit), tally))
    return Page(_arrow(good, tally.table), _arrow(bad, QUARANTINE))


def _arrow(rows: list[list[Any]], table: Table) -> pa.Table:
    schema = arrow_schema(table)
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [[] for _ in schema]
    arrays = [pa.array(values, kind.type) for values, kind in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _read_row(row: Any, tally: Tally) -> list[Any]:
    if not isinstance(row, dict):
        raise TypeError(f"a row is {type(row).__name__}, not an object")
    values = [_read(dig(row, path), name, kind, tally) for name, path, kind in tally.plan]
    for (name, *_), value in zip(tally.plan, values, strict=True):
        if value is None and name in tally.table.key:
            raise ValueError(f"{name} is the key and has no value")
    tally.undeclared.update(row.keys() - tally.declared)
    deleted = row.get("_deleted_reason")
    return [*values, content_hash([*values, deleted]), deleted]


def _read(value: Any, name: str, kind: ColumnType, tally: Tally) -> Any:
    if value is ABSENT:
        return None
    tally.seen.add(name)
    if value is None:
        return None
    try:
        value = READERS[kind](value)
    except (ValueError, TypeError, OverflowError, LookupError, OSError) as misfit:
        raise ValueError(f"{name} is not a {kind}: {str(value)[:60]!r}") from misfit
    if isinstance(value, str) and UNSTORABLE.search(value):
        value, count = UNSTORABLE.subn("\ufffd", value)
        tally.replaced_characters += count
    return value


def dig(row: Any, path: list[str]) -> Any:
    """Return the value at a path, or `ABSENT` where a key is missing on the way."""
    for key in path:
        if row is None:
            return None
        if not isinstance(row, dict) or key not in row:
            return ABSENT
        row = row[key]
    return row


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TypeError


def _bigint(value: Any) -> int | None:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise TypeError
    if value == "":
        return None
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise OverflowError
    return number


def _double(value: Any) -> float | None:
    if isinstance(value, bool):
        raise TypeError
    if value == "":
        return None
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _boolean(value: Any) -> bool | None:
    known = {True: True, False: False, "true": True, "false": False, "": None}
    if isinstance(value, int) and not isinstance(value, bool):
        raise TypeError
    return known[value.lower() if isinstance(value, str) else value]


def _date(value: Any) -> date | None:
    return None if value in EMPTY_DATES else date.fromisoformat(value)


def _timestamp(value: Any) -> datetime | None:
    if value in EMPTY_DATES:
        return None
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


READERS: dict[ColumnType, Callable[[Any], Any]] = {
    "string": _string,
    "json": lambda value: json.dumps(value, sort_keys=True),
    "bigint": _bigint,
    "double": _double,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
    "epoch_s": lambda value: datetime.fromtimestamp(value, UTC),
    "epoch_ms": lambda value: datetime.fromtimestamp(int(value) / 1000, UTC),
}


def _quarantine_row(row: Any, reason: str, tally: Tally) -> list[Any]:
    name = tally.table.name
    kept = _declared(row, tally) if isinstance(row, dict) else {}
    record = UNSTORABLE.sub("\ufffd", json.dumps(kept, default=str, sort_keys=True))
    keys = [dig(row, path) for column, path, _ in tally.plan if column in tally.table.key]
    record_key = ":".join("" if key in (None, ABSENT) else str(key) for key in keys)
    values = [content_hash([name, record, reason]), name, record_key, reason, record]
    return [*values, content_hash(values), None]


def _declared(row: dict[str, Any], tally: Tally) -> dict[str, Any]:
    """Return of a row what is declared, where it stood: what lies beside it must not land."""
    kept: dict[str, Any] = {}
    for path in [path for _, path, _ in tally.plan] + [["_deleted_reason"]]:
        value = dig(row, path)
        if value is not ABSENT:
            part = kept
            for name in path[:-1]:
                part = part.setdefault(name, {})
            part[path[-1]] = value
    return kept


def check_shape(source: str, tally: Tally) -> None:
    """Raise when a declared column vanished or most rows no longer fit."""
    table = tally.table
    if tally.extracted and tally.absent:
        raise VanishedColumn(source, table.name, tally.absent, tally.extracted)
    if tally.quarantined - tally.judged > BROKEN_SHARE * tally.extracted:
        reason = tally.reasons.most_common(1)[0][0]
        raise BrokenShape(source, table.name, tally.quarantined, tally.extracted, reason)
