"""The bulk world: raw as a large organisation's vendors would fill it, straight to Parquet.

A thousandth of the work of serving and loading it: DuckDB makes every table from numbers and a
seed, part by part of `PART` people, so that memory does not grow with the world. A part's records
are of its own people alone. Only what the slices of the default sources read is filled; the rest
of a raw table is null (its content hash too: a later load by a connector is not meant).
Of each person: ten touchpoints, one of which is a ticket, and about one score given.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from ingestion import ledger
from ingestion.classification import TableCount
from ingestion.connector import discover
from ingestion.pipeline import connect, ensure_tables
from ingestion.sandbox import bulk_desk, bulk_files, bulk_people, bulk_surveys, phrases
from ingestion.sandbox.names import (
    FEMALE_NAMES,
    LAST_NAMES,
    MALE_NAMES,
    PLACES,
    folded,
)
from ingestion.sandbox.state import SEED, START
from storage import Warehouse

PART = 100_000  # people; also scale 1
BEGINS = datetime(2023, 7, 1)
A_DAY = 0.01  # of the world is new on a later day
SEEN_AGAIN = 20  # one in so many of those known before has to do with us on a later day
WAVES = 12
SCORES_ASKED = 1.1  # mailings of a Net Promoter survey for each person, over all three years
ASKABLE = 0.4  # of all people are in the survey tool's directory

ROOMS = (bulk_people, bulk_desk, bulk_surveys, bulk_files)
PREPARE = bulk_people.PREPARE | bulk_desk.PREPARE | bulk_surveys.PREPARE
TABLES = {name: query for room in ROOMS for name, query in room.TABLES.items()}
RATES = bulk_people.RATES | bulk_desk.RATES | bulk_files.RATES
RECORDS = """
create or replace temp view records as
select range as i, hash(range * 7919 + {salt}) as x, hash(range * 104729 + {salt}) as y
from range({begin}, {end})
"""
# Each record takes its moment from its own number.
MOMENT = "{since} + to_seconds((x % {seconds})::bigint)"


@dataclass(frozen=True, slots=True)
class Part:
    """People from `known` to `last`, who are new, and what happened between two instants.

    Records are of them and, where `first` lies before `known`, of some who were known before.
    """

    first: int
    known: int
    last: int
    since: datetime
    until: datetime

    @property
    def name(self) -> str:
        return f"{self.known:09}"

    @property
    def values(self) -> dict[str, object]:
        """What the queries of this part need to know."""
        is_day = self.first < self.known
        staff = max(12, 3 * min(self.last - self.first, PART) // 1000)
        seconds = int((self.until - self.since).total_seconds())
        known_again = (self.known - self.first) // SEEN_AGAIN
        new = self.last - self.known
        mailings = ASKABLE * (known_again + new) * (1 if is_day else WAVES)
        since, until = (f"timestamp '{moment}'" for moment in (self.since, self.until))
        return {
            "first": self.first,
            "known": self.known,
            "last": self.last,
            "one_in": SEEN_AGAIN,
            "seed": SEED,
            "is_first": self.known == 0,
            "staff": staff,
            "staff_from": self.first // PART * staff,
            "agents": staff // 3,
            "since": since,
            "until": until,
            "moment": MOMENT.format(since=since, seconds=seconds),
            "every": "1 day" if is_day else "3 month",
            "every_rating": "1 day" if is_day else "1 month",
            "delay": "interval 8 hour" if is_day else "interval '20 days 8 hours'",
            "asked": math.ceil(1000 * SCORES_ASKED * new / mailings),
        }


def scaled(scale: float) -> int:
    """Return the people of a scale: 100k at scale 1."""
    return round(PART * scale)


def parts(people: int) -> Iterator[Part]:
    """Yield the parts of a world that has so many people at the sandbox's first day."""
    _check(people)
    for first in range(0, people, PART):
        last = min(first + PART, people)
        yield Part(first, first, last, BEGINS, START.replace(tzinfo=None))


def later_day(people: int, day: int = 1) -> Part:
    """Return what a later day adds: one percent of the world, each day."""
    _check(people)
    grown = round(people * A_DAY)
    until = START.replace(tzinfo=None) + timedelta(days=day)
    known = people + grown * (day - 1)
    return Part(0, known, known + grown, until - timedelta(days=1), until)


def _check(people: int) -> None:
    if people <= 0 or people % 500:
        raise ValueError(f"The bulk world is made of 500s of people, not of {people}.")


def write(part: Part, folder: Path) -> None:
    """Write a part as `<folder>/<source>.<table>/<part>.parquet`."""
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
        for name, table in (("places", _places()), ("descriptions", _descriptions()),
                            ("comments", _comments())):  # fmt: skip
            db.register(name, table)
        values = dict(part.values)
        for name, query in PREPARE.items():
            _records(db, name, part)
            db.execute(f"create or replace temp table {name} as {query.format(**values)}")
            if name == "people":
                values["count"] = db.execute("select count(*) from people").fetchall()[0][0]
        for name, query in TABLES.items():
            _records(db, name, part)
            (folder / name).mkdir(parents=True, exist_ok=True)
            file = folder / name / f"{part.name}.parquet"
            db.execute(f"copy ({query.format(**values)}) to '{file}' (format parquet)")


def _records(db: duckdb.DuckDBPyConnection, name: str, part: Part) -> None:
    """Let `records` be the numbers and draws of one table's records, where it has any."""
    # What tells of the same records draws the same.
    alike = {"hubspot.deal_contacts": "hubspot.deals"}.get(name, name)
    if alike in RATES:
        begin, end = round(RATES[alike] * part.known), round(RATES[alike] * part.last)
        salt = SEED + sorted(RATES).index(alike)
        db.execute(RECORDS.format(salt=salt, begin=begin, end=end))


def load(folder: Path, warehouse: Warehouse, as_of: datetime) -> dict[str, int]:
    """Append what `write` left in a folder to raw, as a load by the connectors would leave it.

    Returns how many rows each table got.
    """
    load_id = f"{as_of.replace(tzinfo=UTC).timestamp()}"
    found: dict[str, int] = {}
    with connect(warehouse) as db:
        ensure_tables(db, discover())
        for table in sorted(folder.iterdir()):
            done = db.execute(
                f"insert into raw_{table.name} by name "
                f"select *, '{load_id}' as _dlt_load_id from '{table}/*.parquet'"
            ).fetchone()
            found[table.name] = done[0] if done else 0
        for source in sorted({name.split(".")[0] for name in found}):
            counts = [
                TableCount(name.split(".")[1], rows, rows, 0, 0, 0, 0)
                for name, rows in found.items()
                if name.startswith(f"{source}.")
            ]
            ledger.write_load(db, source, as_of, counts)
        ledger.write_clock(db, as_of)
        db.execute("checkpoint")
    return found


def _places() -> pa.Table:
    """Return the places, each with the names of those who live there, also as they are typed."""
    rows = []
    for number, place in enumerate(PLACES):
        given = (FEMALE_NAMES[place.language] + " " + MALE_NAMES[place.language]).split()
        family = LAST_NAMES[place.language].split()
        rows.append({
            "place": number, "city": place.city, "country": place.country,
            "language": place.language, "prefix": place.phone_prefix,
            "given": given, "given_typed": [folded(name) for name in given],
            "family": family, "family_typed": [folded(name) for name in family],
        })  # fmt: skip
    return pa.Table.from_pylist(rows)


def _descriptions() -> pa.Table:
    """Return what a ticket says, by language and topic."""
    return pa.Table.from_pylist([
        {"language": language, "topic": topic, "words": words}
        for language, topic, words in phrases.descriptions()
    ])  # fmt: skip


def _comments() -> pa.Table:
    """Return what comes with a score, by language and tone."""
    return pa.Table.from_pylist([
        {"language": language, "tone": tone, "words": words}
        for language, tone, words in phrases.all_comments()
    ])  # fmt: skip
