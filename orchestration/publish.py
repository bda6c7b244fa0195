"""What leaves: copied, made durable and renamed, so that readers see a whole publication always.

Publications lie in `former/<id>`. The names that readers open (file, Parquet folder, manifest) lead
through one link, `current`, so that one rename swaps all three (docs/decisions/0019).
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.durable import flush
from orchestration.errors import (
    NoPublication,
    NoSpace,
    NotAManifest,
    NothingBuilt,
    NotPublishable,
    NotWhole,
)
from orchestration.exports import export, relations, sha256
from orchestration.settings import Settings

MARTS = "marts.duckdb"
MANIFEST = "manifest.json"
PARQUET = "parquet"
CURRENT = "current"
SERVED = (MARTS, PARQUET, MANIFEST)


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication: `id` is the instant it was made at, in UTC."""

    id: str
    folder: Path
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.folder / MARTS


def publish(current: Settings, as_of: datetime, facts: Mapping[str, Any]) -> Publication:
    """Put the publication that was built into its readers' hands; keep the last N beside it.

    It is made whole in a folder of its own first; a full disk or a kill leaves the last good one.
    """
    try:
        with _workshop(current) as folder:
            close(current.publication)
            made = make(current.publication, folder, as_of, facts, _readable(current))
            kept = _former(current) / made.id
            os.rename(folder, kept)
            flush(kept.parent)
        serve(current, Publication(made.id, kept, made.facts))
        forget(current)
    except (OSError, duckdb.IOException) as failure:
        raise NoSpace(current.published, str(failure)) from failure
    return Publication(made.id, kept, made.facts)


def close(file: Path) -> None:
    """Write the build file's log into it; refuse what may not leave."""
    with duckdb.connect(str(file)) as db:
        there = relations(db)
        if strangers := [name for name in there if not name.startswith("pub_")]:
            raise NotPublishable(strangers)
        if not there:
            raise NothingBuilt(file)
        db.execute("checkpoint")


def make(
    source: Path,
    folder: Path,
    as_of: datetime,
    facts: Mapping[str, Any],
    former: Publication | None = None,
) -> Publication:
    """Make a whole publication in a folder: file, Parquet exports and manifest, made durable.

    Exports of tables that hold what they held in a former one are taken from there.
    """
    publication = Publication(datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ"), folder)
    shutil.copyfile(source, publication.file)
    # Readers share this file with the kept one: a tool that opens it for writing is turned away.
    publication.file.chmod(0o444)
    before = (former.folder / PARQUET, former.facts) if former else ()
    written = {
        "id": publication.id,
        "as_of": as_of.isoformat(),
        "sha256": sha256(publication.file),
        **export(publication.file, folder / PARQUET, *before),
        **facts,
    }
    (folder / MANIFEST).write_text(json.dumps(written, indent=2, default=str) + "\n")
    for path in sorted(folder.rglob("*"), reverse=True):
        flush(path)
    flush(folder)
    return Publication(publication.id, folder, written)


def serve(current: Settings, publication: Publication) -> None:
    """Swap a kept publication into the places that readers open, by one rename of one link."""
    _link(current.published / CURRENT, publication.folder.relative_to(current.published))
    for name in SERVED:
        _link(current.published / name, Path(CURRENT) / name)


def rollback(current: Settings, to: str | None = None) -> Publication:
    """Serve a former publication again: the one before, or the one that is named."""
    kept = publications(current)
    serving = served(current)
    offered = {p.id: p for p in kept if serving is None or p.id != serving.id}
    if to is None:
        before = [p for p in offered.values() if serving is None or p.id < serving.id]
        if not before:
            raise NoPublication("came before the one that is served", sorted(offered))
        chosen = before[-1]
    elif to in offered:
        chosen = offered[to]
    else:
        raise NoPublication(f"has the id {to} and is not served", sorted(offered))
    if found := list(faults(chosen)):
        raise NotWhole(chosen.id, found)
    serve(current, chosen)
    return chosen


def publications(current: Settings) -> list[Publication]:
    """Return the publications that are kept, oldest first."""
    files = sorted(_former(current).glob(f"*/{MANIFEST}"))
    return [Publication(f.parent.name, f.parent, read_manifest(f)) for f in files]


def served(current: Settings) -> Publication | None:
    """Return the publication that readers have before them; None before the first."""
    file = current.published / MANIFEST
    if not file.exists():
        return None
    facts = read_manifest(file)
    return Publication(facts["id"], file.resolve().parent, facts)


def read_manifest(file: Path) -> dict[str, Any]:
    """Return what a manifest says; raise `NotAManifest` for what is none."""
    try:
        facts: dict[str, Any] = json.loads(file.read_text())
        if missing := sorted({"id", "as_of", "sha256", "rows"} - facts.keys()):
            raise NotAManifest(file, f"lacks {', '.join(missing)}")
    except (ValueError, AttributeError) as failure:
        raise NotAManifest(file, "is no JSON object") from failure
    return facts


def faults(publication: Publication) -> Iterator[str]:
    """Say which files of a publication are not as its manifest has them."""
    promised = {
        MARTS: publication.facts["sha256"],
        **{f"{PARQUET}/{name}": sha for name, sha in publication.facts.get("parquet", {}).items()},
    }
    found = {
        str(file.relative_to(publication.folder))
        for file in publication.folder.rglob("*")
        if file.is_file()
    }
    for name, sha in promised.items():
        if name not in found:
            yield f"{name} is gone"
        elif sha256(publication.folder / name) != sha:
            yield f"{name} is not the file its manifest names"
    for name in sorted(found - promised.keys() - {MANIFEST}):
        yield f"{name} is in no manifest"


def strays(current: Settings) -> list[str]:
    """Return the names that readers open and that do not lead into the publication served."""
    serving = served(current)
    names = [current.published / name for name in SERVED]
    if serving is None:
        return [str(name) for name in names]
    return [str(name) for name in names if name.resolve() != serving.folder / name.name]


def is_whole(current: Settings) -> bool:
    """Say whether readers have a publication, as its manifest has it."""
    serving = served(current)
    return serving is not None and not strays(current) and not any(faults(serving))


def forget(current: Settings) -> None:
    """Drop all but the last N kept publications, never the one that is served."""
    serving = served(current)
    for old in publications(current)[: -current.kept_publications]:
        if serving is None or old.id != serving.id:
            shutil.rmtree(old.folder)


def code_version(root: Path) -> str | None:
    """Return what git calls this code; None outside a clone."""
    try:
        command = ["git", "describe", "--always", "--dirty"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout.strip() or None


@contextmanager
def _workshop(current: Settings) -> Iterator[Path]:
    # Beside the kept ones, so that the last step is a rename and not a copy.
    folder = _former(current) / ".making"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link(name: Path, to: Path) -> None:
    # A link is swapped in one step, where two renames of a folder leave a moment without one.
    if name.is_symlink() and name.readlink() == to:
        return
    new = name.with_name(f".{name.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(to)
    os.replace(new, name)
    flush(name.parent)


def _readable(current: Settings) -> Publication | None:
    """Return what is served; a manifest that somebody spoilt does not hold up the next."""
    with suppress(NotAManifest):
        return served(current)
    return None


def _former(current: Settings) -> Path:
    return current.published / "former"
