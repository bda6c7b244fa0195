"""`ax doctor`: what is wrong with the set-up, and what to do, in sentences."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import typer

from orchestration import keys, publish
from orchestration.errors import NotAManifest
from orchestration.lock import holder
from orchestration.project import DBT, is_generated, is_stale
from orchestration.settings import FILES, Settings, folder_kind, settings, written_settings
from orchestration.terminal import AS_JSON, say, show_json
from privacy.errors import AnotherErasure
from storage.errors import LakeError

OLDEST, NEWEST = (3, 11), (3, 14)
ENOUGH_GIGABYTES = 2

Check = Callable[[Settings], Iterator[str]]


def doctor(as_json: bool = AS_JSON) -> None:
    """Say what is wrong and what to do about it."""
    current = settings()
    found = [sentence for check in CHECKS for sentence in check(current)]
    if as_json:
        show_json({"looked_at": len(CHECKS), "sources": current.sources, "found": found})
        raise typer.Exit(1 if found else 0)
    for sentence in found:
        say(f"- {sentence}")
    if found:
        raise typer.Exit(1)
    say(f"all is well: {len(CHECKS)} things looked at, sources on: {', '.join(current.sources)}")


def python(current: Settings) -> Iterator[str]:
    """Look at the interpreter and what is installed for it."""
    have = sys.version_info[:2]
    if not OLDEST <= have < NEWEST:
        yield (
            f"Python {have[0]}.{have[1]} is not supported; remove .venv, put Python 3.11, 3.12 or "
            "3.13 first on the PATH and run `make run`"
        )
    if sys.prefix == sys.base_prefix:
        yield "this is not the project's own environment; run `make run`, which makes .venv"
    if not Path(DBT).exists():
        yield f"dbt is not at {DBT}; run `make run`, which installs what uv.lock names"


def folder(current: Settings) -> Iterator[str]:
    """Look at the data folder: writable, roomy, and of the right kind."""
    nearest = next(p for p in (current.data, *current.data.parents) if p.exists())
    if not os.access(nearest, os.W_OK):
        yield f"{nearest} can not be written; change its owner or set AX_DATA_DIR elsewhere"
    free = shutil.disk_usage(nearest).free / 1e9
    if free < ENOUGH_GIGABYTES:
        yield f"{nearest} has {free:.1f} GB left; free some, a run needs {ENOUGH_GIGABYTES} GB"
    belongs_to = folder_kind(current)
    if belongs_to not in (None, current.kind):
        yield (
            f"{current.data} belongs to the {belongs_to}, these settings to the {current.kind}; "
            "set AX_DATA_DIR to a folder of its own"
        )


def credentials(current: Settings) -> Iterator[str]:
    """Look for sources that are on and can not be reached for want of a setting."""
    from ingestion.connector import discover

    known = discover()
    for name in current.sources:
        if name not in known:
            yield (
                f"the switchboard names {name}, which no folder under ingestion/connectors "
                f"delivers; use {', '.join(known)}"
            )
        elif current.kind == "organisation" and name != FILES:
            written = written_settings(name, current.root)
            missing = [s for s in known[name].settings if s not in written]
            if missing:
                variables = [f"SOURCES__{name.upper()}__{s.upper()}" for s in missing]
                yield f"{name} lacks {', '.join(variables)}; set it or take {name} off AX_SOURCES"


def warehouse(current: Settings) -> Iterator[str]:
    """Look who holds the build file, and whether a run is under way."""
    if process := holder(current.data / "run.lock"):
        yield f"a run is under way (process {process}); wait for it, or end that process"
        return
    if not current.warehouse.exists():
        return
    from ingestion.errors import WarehouseLocked
    from ingestion.pipeline import connect

    try:
        with connect(current.warehouse):
            pass
    except WarehouseLocked as locked:
        yield str(locked)
    except duckdb.Error as failure:
        yield (
            f"{current.warehouse} can not be opened ({failure}); restore it or remove it and "
            "run `ax run`, which reads every source anew"
        )


def cluster(current: Settings) -> Iterator[str]:
    """Look whether the cluster takes a call that dbt is to build on."""
    if current.cluster:
        try:
            current.cluster.answers()
        except LakeError as failure:
            yield str(failure)


def project(current: Settings) -> Iterator[str]:
    """Look whether what is generated fits what is written."""
    if not is_generated(current.project):
        yield "connector_slices.sql does not fit the folders; run `ax generate`"
    if current.manifest.exists() and is_stale(current):
        yield "dbt's manifest is older than the project; the next `ax run` makes it anew"


def pseudonyms(current: Settings) -> Iterator[str]:
    """Look who may read the keys."""
    for file in keys.open_to_others(current.keys):
        yield f"{file} can be read by others; run `chmod 600 {file}`"


def erasures(current: Settings) -> Iterator[str]:
    """Look for an erasure that was begun and broken off."""
    from orchestration.erasure import intent_file

    if (intent := intent_file(current)).exists():
        yield str(AnotherErasure(intent))


def publication(current: Settings) -> Iterator[str]:
    """Hold what readers have, and can have again, against the manifests."""
    try:
        kept, serving = publish.publications(current), publish.served(current)
    except NotAManifest as broken:
        yield str(broken)
        return
    for each in kept:
        is_served = serving is not None and each.id == serving.id
        remedy = (
            "run `ax run`, which publishes anew, or `ax rollback`, which serves the one before"
            if is_served
            else "remove that folder, nobody can be given it again"
        )
        for fault in publish.faults(each):
            yield f"{each.folder}: {fault}; {remedy}"
    for name in publish.strays(current) if kept else ():
        yield (
            f"{name} does not lead to the publication that is served; run `ax run`, or "
            f"`ax rollback --to {kept[-1].id}`"
        )


CHECKS: tuple[Check, ...] = (
    python, folder, credentials, warehouse, cluster, project, pseudonyms, erasures, publication,
)  # fmt: skip
