"""`ax forget` from end to end: an intent, then steps that may be repeated, then a receipt.

Killed anywhere, the intent stays, and resuming goes through the same steps again: each one finds
only what is left. No dbt runs: a person's rows go from every relation as it stands, and figures are
counted without them from the next run on (docs/decisions/0016).
"""

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.connector import Connector
from ingestion.durable import write_for_owner, write_whole
from ingestion.pipeline import connect
from orchestration import cluster, ledger, publish, standing
from orchestration.kept_out import begin
from orchestration.reissue import reissue
from orchestration.settings import Settings, clock
from privacy import retention, rewrite, rows
from privacy.errors import AnotherErasure, NobodyFound, StillThere
from privacy.search import files, in_tables, search, text_of
from privacy.subject import Subject
from privacy.tombstones import of_values, record
from privacy.values import Value
from storage import opened, turn

Connectors = dict[str, Connector]


@dataclass(slots=True)
class Erasure:
    """One person's erasure: who, since when, and how many rows each relation had when it began."""

    receipt: str
    began_at: str
    subject: Subject
    found: dict[str, int] = field(default_factory=dict)
    publications: list[dict[str, str]] = field(default_factory=list)

    def saw(self, store: str, counts: dict[str, int]) -> None:
        """Remember rows found; what an attempt before this one saw stands."""
        for relation, count in counts.items():
            name = f"{store}: {relation}" if relation else store
            self.found[name] = max(count, self.found.get(name, 0))


def forget(current: Settings, connectors: Connectors, subject: Subject) -> Path:
    """Erase a person and return the receipt; the caller holds the folder's lock.

    Raises:
        AnotherErasure: one that was begun is not finished.
        NobodyFound: nothing here is theirs.
        StillThere: something could not be taken away; running again goes on.
    """
    if intent_file(current).exists():
        raise AnotherErasure(intent_file(current))
    if not subject.accounts and not any(search_left(current, subject)):
        raise NobodyFound()
    erasure = Erasure(uuid.uuid4().hex, datetime.now(UTC).isoformat(timespec="seconds"), subject)
    write_intent(current, erasure)
    return finish(current, connectors, erasure)


def resume(current: Settings, connectors: Connectors) -> Path | None:
    """Finish the erasure that was begun, if there is one; return its receipt."""
    file = intent_file(current)
    if not file.exists():
        return None
    plain = json.loads(file.read_text())
    who = plain["subject"]
    values = frozenset(Value(**value) for value in who["values"])
    subject = Subject(
        tuple(who["persons"]), tuple(who["accounts"]), values, frozenset(who["others"])
    )
    return finish(current, connectors, Erasure(**{**plain, "subject": subject}))


def finish(current: Settings, connectors: Connectors, erasure: Erasure) -> Path:
    """Go through every step, look again, and write the receipt."""
    for step in STEPS:
        step(current, connectors, erasure)
        write_intent(current, erasure)
    left = {
        f"{hit.file.relative_to(current.data)} {hit.relation}".strip()
        for hit in search_left(current, erasure.subject)
    }
    with connect(current.warehouse) as db:
        rows.mark(db, connectors, erasure.subject)
        left |= rows.counts(db).keys()
    left |= {str(hit.file) for hit in search_files(current, erasure.subject)}
    if left:
        raise StillThere(sorted(left))
    written = write_receipt(current, erasure)
    # The next run counts without them, whatever else is new.
    standing.forget(current)
    intent_file(current).unlink()
    return written


def keep_out(current: Settings, connectors: Connectors, erasure: Erasure) -> None:
    """Write down who must not land again, before anything of them is gone."""
    known, subject = begin(current), erasure.subject
    known.add(of_values(subject.values))
    known.add(("account", account) for account in subject.accounts)
    with connect(current.warehouse) as db:
        rows.mark(db, connectors, subject)
        known.add(record(*of) for of in rows.record_keys(db, connectors))


def warehouse(current: Settings, connectors: Connectors, erasure: Erasure) -> None:
    """Delete the person's rows, empty mentions, redact texts of others, write the file anew."""
    subject = erasure.subject
    with turn(current.warehouse), connect(current.warehouse) as db:
        rows.mark(db, connectors, subject)
        erasure.saw("warehouse", {".".join(of): 0 for of in rows.tables(db)})
        erasure.saw("warehouse", rows.counts(db))
        write_intent(current, erasure)
        retention.hold(
            db, held_file(current), connectors, dict(current.retention), clock(current),
            erasure.receipt,
        )  # fmt: skip
        db.begin()
        rows.settle_identity(db, subject)
        rows.delete(db)
        mentions = rows.empty_mentions(db, connectors, subject)
        redacted = rows.redact(db, subject.texts)
        db.commit()
    for relation in mentions.keys() | redacted.keys():
        changed = mentions.get(relation, 0) + redacted.get(relation, 0)
        name = f"warehouse: {relation}, rows of others"
        erasure.found[name] = erasure.found.get(name, 0) + changed
    rewrite.warehouse(current.warehouse)


def publications(current: Settings, connectors: Connectors, erasure: Erasure) -> None:
    """Take the person's rows out of what left and what is about to; re-issue the manifests."""
    for done in reissue(current, erasure.subject, erasure.receipt, erasure.saw):
        erasure.publications.append(done)
        ledger.note(current, "reissued", {**done, "reason": "erasure", "receipt": erasure.receipt})


def working_folders(current: Settings, connectors: Connectors, erasure: Erasure) -> None:
    """Throw away load packages and exports: raw and what is published can make them again."""
    packages, exports = current.data / "quarantine", current.data / "exports"
    found = {
        "work": [current.work] if current.work.exists() else [],
        "packages set aside": [
            folder
            for folder in (packages.iterdir() if packages.exists() else ())
            if any(search(folder, erasure.subject.everything))
        ],
        "exports": [
            file for file in files(exports) if any(search(file, erasure.subject.everything))
        ],
        "tables of the cluster": current.cluster.folders() if current.cluster else [],
    }
    for name, places in found.items():
        for place in places:
            hits = sum(hit.rows for hit in search(place, erasure.subject.everything))
            erasure.saw(name, {place.name: hits})
            shutil.rmtree(place) if place.is_dir() else place.unlink()
    cluster.forget(current)


def books(current: Settings, connectors: Connectors, erasure: Erasure) -> None:
    """Redact what Dagster wrote down, and vacuum its files."""
    for file in sorted((current.data / "dagster").glob("*.db")):
        changed = rewrite.sqlite_file(file, erasure.subject.everything)
        erasure.saw(f"dagster/{file.name}", changed or {"": 0})


def texts(current: Settings, connectors: Connectors, erasure: Erasure) -> None:
    """Redact logs, dbt's files and the page."""
    values = erasure.subject.everything
    for file in files(current.data, outside(current)):
        text = text_of(file)
        if text is not None and values.are_in(text):
            places = rewrite.text_file(file, values)
            erasure.saw(str(file.relative_to(current.data)), {"": places})


STEPS: tuple[Callable[[Settings, Connectors, Erasure], None], ...] = (
    keep_out, warehouse, publications, working_folders, books, texts,
)  # fmt: skip


def outside(current: Settings) -> list[Path]:
    """Return what is not searched: the vendor's own world, what the law holds, the hashes."""
    stands = ("sandbox", "keys", "held", "erasure")
    return [*(current.data / name for name in stands), current.inbox, current.keys]


def search_left(current: Settings, subject: Subject) -> Iterator[Any]:
    """Yield where the person is still found."""
    yield from search(current.data, subject.everything, outside(current))
    if current.lake:
        with opened(current.lake) as db:
            yield from in_tables(db, current.publication.parent, subject.everything)


def search_files(current: Settings, subject: Subject) -> Iterator[Any]:
    """Yield the files of a lake or a cluster that still hold the person, of whichever state."""
    if current.lake:
        yield from search(Path(current.lake.files), subject.everything)
    if current.cluster:
        yield from search(current.cluster.files, subject.everything)


def write_receipt(current: Settings, erasure: Erasure) -> Path:
    """Write what was done, without a word on whom, and return the file."""
    began = datetime.fromisoformat(erasure.began_at)
    now = datetime.now(UTC)
    values = erasure.subject.everything
    inbox = sorted({hit.file.name for hit in search(current.inbox, values)})
    receipt = {
        "receipt": erasure.receipt,
        "began_at": erasure.began_at,
        "finished_at": now.isoformat(timespec="seconds"),
        "seconds": round((now - began).total_seconds(), 1),
        "code": publish.code_version(current.root),
        "relations": [
            {"relation": name, "found": count, "changed": count}
            for name, count in sorted(erasure.found.items())
        ],
        "publications": erasure.publications,
        "held_by_law": [
            {"relation": name, "rows": count, "until": until.isoformat()}
            for name, (count, until) in retention.held(held_file(current), erasure.receipt).items()
        ],
        "yours_to_mend": [f"inbox/{values.redact(name)}" for name in inbox],
    }
    folder = current.data / "receipts"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{erasure.receipt}.json"
    write_whole(file, json.dumps(receipt, indent=2) + "\n")
    return file


def disclose(current: Settings, connectors: Connectors, subject: Subject) -> dict[str, Any]:
    """Return all that is held on a person: rows, where others' texts name them, held rows."""
    with connect(current.warehouse) as db:
        rows.mark(db, connectors, subject)
        own = rows.contents(db)
    elsewhere = [
        {
            "file": str(hit.file.relative_to(current.data)),
            "relation": hit.relation,
            "rows": hit.rows,
        }
        for hit in search_left(current, subject)
        if hit.relation and hit.relation not in own
    ]
    return {
        "accounts": list(subject.accounts),
        "rows": own,
        "named_in": elsewhere,
        "held_by_law": under_law(held_file(current), subject),
    }


def under_law(file: Path, subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a person that only the law still holds."""
    if not file.exists():
        return {}
    with closing(duckdb.connect(str(file))) as db:
        return {
            table: db.execute(
                f'select * from "{table}" where list_contains(?, rowid)', [[*found]]
            ).to_arrow_table().to_pylist()
            for _, table in rows.tables(db)
            if (found := rows.rows_with(db, f'"{table}"', subject.everything))
        }  # fmt: skip


def held_file(current: Settings) -> Path:
    """Return where rows under the law lie."""
    return current.data / "held" / "held.duckdb"


def intent_file(current: Settings) -> Path:
    """Return where an erasure that is under way is written down; gone once it is done."""
    return current.data / "erasure" / "intent.json"


def _plain(values: Any) -> list[Any]:
    return [asdict(value) if isinstance(value, Value) else value for value in values]


def write_intent(current: Settings, erasure: Erasure) -> None:
    """Write down who is being erased, for whoever has to finish it; only the owner can read it."""
    write_for_owner(intent_file(current), json.dumps(asdict(erasure), default=_plain))
