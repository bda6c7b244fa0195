"""Publications without a person's rows: files written anew, manifests with the reason.

Figures stay as they were published: an erasure changes the next ones (docs/decisions/0016).
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import duckdb

from orchestration import keys, publish
from orchestration.exports import export, sha256
from orchestration.settings import PURPOSES, Settings
from privacy import rewrite
from privacy.search import rows_with, tables
from privacy.subject import Subject
from privacy.values import Values, values_of
from storage.sql import named

Saw = Callable[[str, dict[str, int]], None]


def reissue(
    current: Settings, subject: Subject, receipt: str, saw: Saw
) -> Iterator[dict[str, str]]:
    """Rewrite the build file and every kept publication that has rows of a person.

    Yields the id, old and new hash of each that was re-issued.
    """
    marks = pseudonyms(current, subject)
    if current.publication.exists():
        saw("publication", found := take_out(current.publication, marks, subject.texts))
        if found:
            rewrite.duckdb_file(current.publication)
    serving = publish.served(current)
    for kept in publish.publications(current):
        done = _reissue(kept, marks, subject.texts, receipt, saw)
        if done:
            yield done
        if serving and kept.id == serving.id:
            _tell_readers(current)


def pseudonyms(current: Settings, subject: Subject) -> Values:
    """Return the keys under which each purpose knows the person, as the dbt macro makes them."""
    ids = [*subject.persons, *subject.accounts]
    made = (
        keys.pseudonyms(current.keys, purpose, ids)
        for purpose in PURPOSES
        if keys.key_file(current.keys, purpose).exists()
    )
    return Values(frozenset(values_of("id", chain.from_iterable(made))))


def take_out(file: Path, marks: Values, texts: Values) -> dict[str, int]:
    """Delete the rows of a publication file that carry a person's key; return rows by relation."""
    found: dict[str, int] = {}
    with closing(duckdb.connect(str(file))) as db:
        for schema, table in tables(db):
            relation = named(schema, table)
            rows = {*rows_with(db, relation, marks), *rows_with(db, relation, texts)}
            if rows:
                db.execute(f"delete from {relation} where list_contains(?, rowid)", [[*rows]])
                found[table] = len(rows)
        db.execute("checkpoint")
    return found


def _reissue(
    kept: publish.Publication, marks: Values, texts: Values, receipt: str, saw: Saw
) -> dict[str, str] | None:
    """Make the files in a folder beside, then put each in its place; the manifest comes last."""
    making = kept.folder.with_name(f".reissue-{kept.id}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    try:
        new = making / kept.file.name
        shutil.copyfile(kept.file, new)
        new.chmod(0o644)
        found = take_out(new, marks, texts)
        saw(f"published/former/{kept.id}", found)
        written = kept.facts
        if not found and sha256(kept.file) == written["sha256"]:
            return None
        rewrite.duckdb_file(new)
        now = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "receipt": receipt}
        told = {
            **written,
            "sha256": sha256(new),
            **export(new, making / publish.PARQUET),
            "reissued": [*written.get("reissued", []), {"reason": "erasure", **now}],
        }
        exports = sorted((making / publish.PARQUET).iterdir())
        (making / publish.MANIFEST).write_text(json.dumps(told, indent=2) + "\n")
        for file in (new, *exports, making / publish.MANIFEST):
            place = kept.folder / file.relative_to(making)
            rewrite.swap(file, place)
        return {"id": kept.id, "sha256_before": written["sha256"], "sha256": told["sha256"]}
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _tell_readers(current: Settings) -> None:
    """Write the pages anew, and the copy in the other database."""
    from dashboards.site import write
    from orchestration.copies import renew

    if current.page.exists():
        write(current.serving, current.published)
    renew(current)
