"""The one door to names and addresses: who passes it may be contacted, and it is written down.

Nothing else in the house reads schema `restricted`.
"""

import json
import os
import pwd
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.durable import OWNER_ONLY, append_for_owner, flush
from orchestration import keys
from orchestration.errors import HouseError, NoPublication
from orchestration.lock import locked
from orchestration.settings import Settings
from storage import attach

FORMATS = {".csv": "format csv, header", ".parquet": "format parquet, compression zstd"}
NOBODY = "nobody_recognised"
UNKNOWN = "not_in_the_warehouse"
NO_ADDRESS = "no_address"

# Who is behind each key of the purpose, and whether they may be contacted; (purpose) is bound.
_DOOR = f"""
    create temp table door as
    select
        known.person_key,
        coalesce(
            asked.why_not, case when reached.person_id is null then '{NO_ADDRESS}' end
        ) as why_not,
        reached.display_name,
        reached.email,
        reached.phone
    from known
    inner join warehouse.marts.dim_person_contactability as asked using (person_id)
    left join warehouse.restricted.restricted_persons as reached using (person_id)
    where asked.purpose = ?
"""
_WITH_CONTACTS = """
    select rows.*, door.display_name, door.email, door.phone
    from published."{name}" as rows
    inner join door on rows.person_key = door.person_key
    where door.why_not is null
"""
_LEFT_OUT = f"""
    select
        case
            when rows.person_key is null then '{NOBODY}'
            when door.person_key is null then '{UNKNOWN}'
            else door.why_not
        end as why,
        greatest(count(distinct rows.person_key), 1)
    from published."{{name}}" as rows
    left join door on rows.person_key = door.person_key
    where door.person_key is null or door.why_not is not null
    group by why order by why
"""

# The open cases of the closed loop, of whom it is known how to reach them; and who is not in there.
_QUEUED = """
    select queue.* exclude (person_id), reached.display_name, reached.email, reached.phone
    from warehouse.marts.fct_action_queue as queue
    left join warehouse.restricted.restricted_persons as reached using (person_id)
    where not exists (
        select 1 from warehouse.marts.dim_person_contactability as asked
        where asked.person_id = queue.person_id and asked.purpose = $purpose
        and not asked.may_be_contacted
    )
    order by queue.position
"""
_NOT_QUEUED = """
    select asked.why_not, count(*)
    from warehouse.marts.fct_closed_loop_cases as cases
    inner join warehouse.marts.dim_person_contactability as asked using (person_id)
    where cases.is_open and asked.purpose = $purpose and not asked.may_be_contacted
    group by all order by all
"""


class NotPublished(HouseError):
    def __init__(self, name: str, there: list[str]) -> None:
        super().__init__(f"{name} is not published; export one of {', '.join(there)}")


class NoSuchFormat(HouseError):
    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} does not end with {' or '.join(FORMATS)}, which say the format")


class ForWhat(HouseError):
    def __init__(self, given: str | None, known: list[str]) -> None:
        said = f"{given} is no purpose of contact" if given else "contacts leave for a purpose only"
        super().__init__(f"{said}; name it with --for, one of {', '.join(known)}")


class NobodyToContact(HouseError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has no person_key, so nobody in it can be contacted; leave out --with-contacts"
        )


class NeverContacted(HouseError):
    def __init__(self, name: str, purpose: str) -> None:
        super().__init__(
            f"{name} is published for the purpose {purpose}, whose persons are never contacted "
            "from here; leave out --with-contacts"
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote; `left_out` counts persons by why, `nobody_recognised` counts as one."""

    file: Path
    rows: int
    left_out: Mapping[str, int] = field(default_factory=dict)


def audit_log(current: Settings) -> Path:
    """Return the log of what passed the door: a JSON object a line, and nobody's data in it."""
    return current.data / "audit" / "contacts.jsonl"


def export(current: Settings, name: str, file: Path) -> Exported:
    """Write a published relation as it is, readable by its owner alone."""
    with _published(current, name) as db, making(file) as new:
        return Exported(file, _copy(db, f'from published."{name}"', new))


def export_with_contacts(
    current: Settings, name: str, file: Path, contacted_for: str | None, purpose: str | None
) -> Exported:
    """Write the rows of those who may be contacted, with display_name, email and phone, and log it.

    `purpose` is the one that the relation is published for; its key tells who a row is about.

    Raises:
        ForWhat, NobodyToContact, NeverContacted: there is nothing that may leave.
    """
    if purpose == "ex":
        raise NeverContacted(name, purpose)
    with locked(current.data / "run.lock"), _published(current, name) as db, making(file) as new:
        columns = [row[0] for row in db.execute(f'describe published."{name}"').fetchall()]
        if purpose is None or "person_key" not in columns:
            raise NobodyToContact(name)
        attach(db, current.warehouse)
        _open_door(db, current.keys, contacted_for, purpose)
        rows = _copy(db, _WITH_CONTACTS.format(name=name), new)
        left_out = dict(db.execute(_LEFT_OUT.format(name=name)).fetchall())
        note(current, relation=name, published_for=purpose, contacted_for=contacted_for,
             format=file.suffix[1:], rows=rows, persons_left_out=left_out)  # fmt: skip
    return Exported(file, rows, left_out)


def queued(current: Settings, purpose: str) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the open cases with name and address, in order, and how many are left out, by why."""
    with locked(current.data / "run.lock"), duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'; set temp_directory = ''")
        attach(db, current.warehouse)
        found = db.execute(_QUEUED, {"purpose": purpose})
        names = [column[0] for column in found.description or ()]
        cases = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return cases, dict(db.execute(_NOT_QUEUED, {"purpose": purpose}).fetchall())


def _open_door(
    db: duckdb.DuckDBPyConnection, folder: Path, contacted_for: str | None, purpose: str
) -> None:
    """Leave in `door` who is behind each key of a purpose."""
    asked = db.execute("select purpose from warehouse.registry.consent_purposes order by all")
    registered = [row[0] for row in asked.fetchall()]
    if contacted_for not in registered:
        raise ForWhat(contacted_for, registered)
    found = db.execute("select person_id from warehouse.marts.dim_persons").fetchall()
    ids = [person_id for (person_id,) in found]
    known = pa.table({"person_id": ids, "person_key": keys.pseudonyms(folder, purpose, ids)})
    db.register("known", known.cast(pa.schema([("person_id", "string"), ("person_key", "string")])))
    db.execute(_DOOR, [contacted_for])


@contextmanager
def _published(current: Settings, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open what readers have; nothing that is read spills to a disk that others may read."""
    if not current.serving.exists():
        raise NoPublication("is served", [])
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'; set temp_directory = ''")
        db.execute(f"attach '{current.serving}' as published (read_only)")
        there = db.execute(
            "select table_name from duckdb_tables() where database_name = 'published' order by all"
        ).fetchall()
        if (name,) not in there:
            raise NotPublished(name, [known for (known,) in there])
        yield db


@contextmanager
def making(file: Path) -> Iterator[Path]:
    """Give a file to write in a folder of its owner's; it gets its name once it is whole."""
    if file.suffix not in FORMATS:
        raise NoSuchFormat(file)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".export-") as folder:
        new = Path(folder) / file.name
        yield new
        new.chmod(OWNER_ONLY)
        flush(new)
        new.rename(file)
        flush(file.parent)


def _copy(db: duckdb.DuckDBPyConnection, query: str, file: Path) -> int:
    done = db.execute(f"copy ({query}) to '{file}' ({FORMATS[file.suffix]})").fetchone()
    return int(done[0]) if done else 0


def note(current: Settings, **facts: Any) -> None:
    """Add a line and see it on disk: what can not be written down does not leave."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "user": pwd.getpwuid(os.getuid()).pw_name,
        **facts,
    }
    append_for_owner(audit_log(current), json.dumps(line) + "\n")
