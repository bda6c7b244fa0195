"""The dbt project as this house prepares it: slices generated, manifest parsed when stale."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from ingestion.durable import write_whole
from orchestration.errors import BadProject
from orchestration.settings import Settings

DBT = str(Path(sys.executable).parent / "ax-dbt")
SLICES = Path("macros") / "generated" / "connector_slices.sql"
PARTS = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests")
MANIFEST, SEMANTIC = "manifest.json", "semantic_manifest.json"
HEADER = (
    "{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; "
    "do not edit. #}\n"
)


def slices(project: Path) -> dict[str, list[str]]:
    """Return, per input contract, the connectors with a model that fills it."""
    found: dict[str, list[str]] = {}
    for file in sorted(project.glob("models/connectors/*/*__*.sql")):
        vendor, _, contract = file.stem.partition("__")
        if vendor == file.parent.name:
            found.setdefault(contract, []).append(vendor)
    return dict(sorted(found.items()))


def slices_macro(project: Path) -> str:
    """Return the text of the generated macro."""
    lines = [
        f"        '{contract}': {vendors!r},\n" for contract, vendors in slices(project).items()
    ]
    known = "{\n" + "".join(lines) + "    }" if lines else "{}"
    return (
        f"{HEADER}{{% macro connector_slices() %}}\n"
        f"    {{{{ return({known}) }}}}\n"
        "{% endmacro %}\n"
    )


def is_generated(project: Path) -> bool:
    """Say whether the generated macro is what the folders give."""
    file = project / SLICES
    return file.exists() and file.read_text() == slices_macro(project)


def generate(project: Path) -> bool:
    """Write the generated macro; say whether it had to change."""
    if is_generated(project):
        return False
    (project / SLICES).write_text(slices_macro(project))
    return True


def prepare(current: Settings, meanwhile: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Return the manifest, parsed anew where files, switchboard or paths have changed.

    While dbt parses, in a process of its own, `meanwhile` is called here.
    """
    generate(current.project)
    if is_stale(current):
        parse(current, meanwhile)
    return manifest(current)


def manifest(current: Settings) -> dict[str, Any]:
    """Return the manifest as it was parsed last."""
    parsed: dict[str, Any] = orjson.loads(kept(current, MANIFEST).read_bytes())
    return parsed


def parse(current: Settings, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Let dbt write the manifest; raise `BadProject` with dbt's own words when it can not."""
    current.manifest.parent.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        parse_command(),
        cwd=current.project,
        env={**os.environ, **dbt_environment(current)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as dbt:
        meanwhile()
        said, _ = dbt.communicate()
    if dbt.returncode:
        raise BadProject(" ".join(said.split())[-600:])
    kept(current, MANIFEST).parent.mkdir(exist_ok=True)
    for name in (MANIFEST, SEMANTIC):
        text = current.manifest.with_name(name).read_text(encoding="utf-8")
        write_whole(kept(current, name), text)
    write_whole(_stamp(current), project_hash(current))


def kept(current: Settings, name: str) -> Path:
    """Return a manifest of dbt as the house kept it when it parsed.

    dbt writes its own anew with every command, in place: stopped there, it leaves half of one.
    """
    return current.manifest.parent / "parsed" / name


def parse_command() -> list[str]:
    """Return the native command that parses the project."""
    return [DBT, "--quiet", "--no-use-colors", "parse"]


def dbt_environment(current: Settings) -> dict[str, str]:
    """Return what dbt has to know: where things are made and which sources are on."""
    return {**current.environment, "AX_SOURCES": ",".join(current.sources)}


def parsed_from(current: Settings) -> str:
    """Return the hash of what the manifest that is there was made of."""
    return _stamp(current).read_text()


def is_stale(current: Settings) -> bool:
    """Say whether the manifest is missing or older than the project."""
    fresh = kept(current, MANIFEST).exists() and _stamp(current).exists()
    return not fresh or parsed_from(current) != project_hash(current)


def project_hash(current: Settings) -> str:
    """Return a hash of everything that the manifest is made of."""
    facts = [sys.executable, *(f"{k}={v}" for k, v in sorted(dbt_environment(current).items()))]
    return hash_of(_files(current.project), facts)


def models_hash(current: Settings) -> str:
    """Return a hash of what models are made of, wherever the data lies."""
    return hash_of(_files(current.project), [*current.sources, current.target])


def hash_of(files: Iterable[Path], facts: Iterable[str] = ()) -> str:
    """Return a hash of files, names included, and of further facts."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file}\n".encode() + hashlib.sha256(file.read_bytes()).digest())
    for fact in facts:
        digest.update(fact.encode() + b"\n")
    return digest.hexdigest()


def _files(project: Path) -> Iterator[Path]:
    for part in PARTS:
        path = project / part
        yield from [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file())


def _stamp(current: Settings) -> Path:
    return current.manifest.with_name("project.hash")
