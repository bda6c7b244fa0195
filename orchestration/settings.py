"""Settings: read once, typed and frozen; the only place here that looks at the environment."""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml

from ingestion.durable import write_whole
from ingestion.secrets import ACTIONS_TOKEN
from orchestration.errors import (
    NoLake,
    NotACatalog,
    NotACluster,
    NotAFolder,
    NotATarget,
    NotForTables,
    NothingOn,
    WrongKind,
)
from privacy.terms import Retention
from storage import Cluster, Lake, Warehouse, opened, turn

ROOT = Path(__file__).resolve().parent.parent
PURPOSES = ("cx", "ex", "fan", "funding", "education", "operations")
# Where the warehouse lies; with `spark` in either, and dbt builds on a cluster.
DUCKDB, DUCKLAKE, SPARK = TARGETS = ("duckdb", "ducklake", "spark")
FILES = "files"  # the one connector that needs no vendor and hence no sandbox

Kind = Literal["sandbox", "organisation"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where everything lies and what is on.

    `kind` says to whom a run with these settings belongs; the data folder has a kind of its own.
    """

    data: Path
    keys: Path
    inbox: Path
    sources: tuple[str, ...]
    switchboard: Mapping[str, tuple[str, ...]]
    kind: Kind
    time_zone: str
    max_metric_cells: int
    languages: tuple[str, ...] = ()
    lake: Lake | None = None
    cluster: Cluster | None = None
    webhook: str | None = None
    site_url: str | None = None
    copy_to: str | None = None
    actions_token: str | None = field(default=None, repr=False)
    kept_publications: int = 5
    retention: Mapping[str, Retention] = field(default_factory=dict)
    root: Path = ROOT

    @property
    def project(self) -> Path:
        return self.root / "dbt_project"

    @property
    def warehouse(self) -> Warehouse:
        """What is built in and never handed out: a file of the data folder, or the lake."""
        return self.lake or self.data / "warehouse" / "warehouse.duckdb"

    @property
    def publication(self) -> Path:
        """The file that dbt builds what leaves in; the serving file is a copy of it."""
        return self.data / "warehouse" / "publication.duckdb"

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def serving(self) -> Path:
        return self.published / "marts.duckdb"

    @property
    def page(self) -> Path:
        return self.published / "scorecard.html"

    @property
    def site(self) -> Path:
        """The site's first page."""
        return self.published / "site" / "index.html"

    @property
    def work(self) -> Path:
        """dlt's working folders, thrown away before each load."""
        return self.data / "work"

    @property
    def labellers(self) -> Path:
        """Labellers that were trained here."""
        return self.data / "labellers"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def manifest(self) -> Path:
        return self.data / "dbt" / "manifest.json"

    @property
    def environment(self) -> dict[str, str]:
        """What the native commands (dagster, dbt, dlt) need to work on the same house."""
        return {
            "AX_DATA_DIR": str(self.data),
            "AX_KEYS_DIR": str(self.keys),
            "AX_STATE_DIR": str(self.data / "dagster"),
            "AX_DBT_TARGET": self.seen_in,
            "DAGSTER_HOME": str(self.root),
            "DBT_TARGET_PATH": str(self.manifest.parent),
            "DBT_LOG_PATH": str(self.logs / "dbt"),
            "DLT_PROJECT_DIR": str(self.root),
            "DO_NOT_TRACK": "1",
            **self._of_the_lake,
            **self._of_the_cluster,
        }

    @property
    def seen_in(self) -> str:
        """The target in which tables are seen; that of a cluster is for building alone."""
        return DUCKLAKE if self.lake else DUCKDB

    @property
    def target(self) -> str:
        """Where dbt builds."""
        return SPARK if self.cluster else self.seen_in

    @property
    def _of_the_cluster(self) -> dict[str, str]:
        if self.cluster is None:
            return {}
        return {"SPARK_REMOTE": self.cluster.remote, "AX_SPARK_FILES": str(self.cluster.files)}

    @property
    def _of_the_lake(self) -> dict[str, str]:
        if self.lake is None:
            return {}
        return {"AX_LAKE_CATALOG": self.lake.catalog, "AX_LAKE_FILES": self.lake.files}


@cache
def settings() -> Settings:
    """Return the settings of this process, and let the tools that it starts see them."""
    current = read(os.environ)
    os.environ.update(current.environment)
    return current


def read(environ: Mapping[str, str], root: Path = ROOT) -> Settings:
    """Return the settings that an environment and the project's own files give."""
    variables = yaml.safe_load((root / "dbt_project" / "dbt_project.yml").read_text())["vars"]
    switchboard = {group: tuple(names) for group, names in variables["switchboard"].items()}
    sources = _sources(environ.get("AX_SOURCES", ""), switchboard)
    data = Path(environ.get("AX_DATA_DIR") or root / "data").expanduser().absolute()
    lake = _lake(environ)
    return Settings(
        data=data,
        keys=Path(environ.get("AX_KEYS_DIR") or data / "keys").expanduser().absolute(),
        inbox=data / "inbox",
        sources=sources,
        switchboard=switchboard,
        kind="organisation" if _is_organisation(sources, environ, root) else "sandbox",
        time_zone=variables["time_zone"],
        max_metric_cells=variables["max_metric_cells"],
        lake=lake,
        cluster=_cluster(environ, data, lake),
        languages=tuple(variables.get("languages", ())),
        webhook=environ.get("AX_WEBHOOK_URL") or None,
        site_url=environ.get("AX_SITE_URL") or None,
        copy_to=environ.get("AX_COPY_TO") or None,
        actions_token=environ.get(ACTIONS_TOKEN) or None,
        kept_publications=int(environ.get("AX_KEPT_PUBLICATIONS") or 5),
        retention={
            name: Retention(**kept) for name, kept in (variables.get("retention") or {}).items()
        },
        root=root,
    )


def _sources(chosen: str, switchboard: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    names = [name.strip() for name in chosen.split(",") if name.strip()]
    on = tuple(names or [name for group in switchboard.values() for name in group])
    if not on:
        raise NothingOn()
    return on


def _target(environ: Mapping[str, str]) -> str:
    target = environ.get("AX_TARGET") or DUCKDB
    if target not in TARGETS:
        raise NotATarget(target, TARGETS)
    return target


def _lake(environ: Mapping[str, str]) -> Lake | None:
    """Return the lake that the environment names; a password is none of its business."""
    catalog, files = environ.get("AX_LAKE_CATALOG", ""), environ.get("AX_LAKE_FILES", "")
    target = _target(environ)
    if target == DUCKDB or (target == SPARK and not catalog):
        return None
    if not (catalog and files):
        raise NoLake()
    if urlsplit(catalog).scheme not in ("postgresql", "postgres"):
        raise NotACatalog("is not of the form postgresql://user@host/database")
    if urlsplit(catalog).password or "password" in urlsplit(catalog).query:
        raise NotACatalog("holds a password")
    if "://" in files:
        raise NotAFolder(files)
    return Lake(catalog, str(Path(files).expanduser().absolute()))


def _cluster(environ: Mapping[str, str], data: Path, lake: Lake | None) -> Cluster | None:
    """Return the cluster that dbt builds on, which pyspark's own variable names."""
    if _target(environ) != SPARK:
        return None
    remote, files = environ.get("SPARK_REMOTE", ""), environ.get("AX_SPARK_FILES", "")
    if not (remote.startswith("sc://") and files) or "://" in files:
        raise NotACluster()
    folder = Path(files).expanduser().absolute()
    for other in (data, *([Path(lake.files)] if lake else [])):
        if other.is_relative_to(folder):
            raise NotForTables(folder, other)
    return Cluster(remote, folder)


def _is_organisation(sources: tuple[str, ...], environ: Mapping[str, str], root: Path) -> bool:
    vendors = [name for name in sources if name != FILES]
    return not vendors or any(written_settings(name, root, environ) for name in vendors)


def written_settings(source: str, root: Path, environ: Mapping[str, str] | None = None) -> set[str]:
    """Return the settings of a source that somebody wrote down where dlt looks for them."""
    prefix = f"SOURCES__{source.upper()}__"
    pairs = (os.environ if environ is None else environ).items()
    found = {
        name[len(prefix) :].lower() for name, value in pairs if value and name.startswith(prefix)
    }
    for name in ("secrets.toml", "config.toml"):
        file = root / ".dlt" / name
        content = tomllib.loads(file.read_text()) if file.exists() else {}
        found |= content.get("sources", {}).get(source, {}).keys()
    return found


@contextmanager
def lent(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for as long as the block lasts, then put back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def claim(current: Settings) -> None:
    """Write at the first load to whom the data folder belongs; refuse a run of the other kind.

    A lake that can not be written is refused here too, before any vendor is asked.
    """
    belongs_to = folder_kind(current)
    if belongs_to is None:
        current.publication.parent.mkdir(parents=True, exist_ok=True)
        write_whole(_kind_file(current), json.dumps({"kind": current.kind}) + "\n")
    elif belongs_to != current.kind:
        raise WrongKind(current.data, belongs_to, current.kind)
    if current.lake:
        _claim_lake(current.lake, current.kind)


def _claim_lake(lake: Lake, kind: Kind) -> None:
    """Many data folders may load into one lake: it knows itself whose it is."""
    with turn(lake), opened(lake) as db:
        db.execute("create schema if not exists ops")
        db.execute("create table if not exists ops.kind (kind varchar)")
        found = db.execute("select kind from ops.kind").fetchone()
        if found is None:
            db.execute("insert into ops.kind values (?)", [kind])
        elif found[0] != kind:
            raise WrongKind(lake, found[0], kind)


def folder_kind(current: Settings) -> Kind | None:
    """Return to whom the data folder belongs; None before its first load."""
    file = _kind_file(current)
    return json.loads(file.read_text())["kind"] if file.exists() else None


def _kind_file(current: Settings) -> Path:
    return current.data / "kind.json"


def clock(current: Settings) -> datetime:
    """Return the run's instant: the sandbox's stored one, else the wall clock to the minute."""
    if current.kind == "sandbox":
        from ingestion.sandbox import state

        return state.read(current.data).as_of
    return datetime.now(UTC).replace(second=0, microsecond=0)


def terminal(environ: Mapping[str, Any] | None = None) -> bool:
    """Say whether progress may be drawn; NO_COLOR asks for plain lines."""
    return not (os.environ if environ is None else environ).get("NO_COLOR")
