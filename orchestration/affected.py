"""What of a stage has to be built: what is new reaches some of its models, the others stand.

A stage's inputs are the relations that its models and tests read and that it does not make
itself: raw tables, the ledger, contracts, who is who. How they looked when the stage was last built
to its end is kept in the warehouse, `ops.built`; a build that breaks off leaves nothing there, and
the next one builds all.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import duckdb

from orchestration.counting import LOADED, arrival_of, content_of
from orchestration.project import hash_of, models_hash
from orchestration.settings import Settings
from orchestration.standing import BUILT, programs
from storage import opened, turn

HOUSE = "the house itself"  # its code, settings and keys: changed, it makes everything anew
# What the house tells of itself is named after what came from outside.
TOLD = ("ops.", "connectors.stg_ops__")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a stage builds, by unique id, and why.

    `looks` is how each input looks now, `new` the names of those that look otherwise than when the
    stage was last built; None when nobody knows.
    """

    looks: Mapping[str, str]
    new: tuple[str, ...] | None
    built: Set[str]
    tests: Set[str]
    standing: Set[str]

    def __str__(self) -> str:
        """Say what is built and why, and how much stands as it was."""
        of = len(self.built) + len(self.standing)
        if self.new is None:
            return f"all {of} models and registries are built: no earlier build is known"
        if not self.new:
            return f"none of {of} models and registries is built: nothing that they read is new"
        names = ", ".join(self.new[:5])
        more = f" and {len(self.new) - 5} more" if len(self.new) > 5 else ""
        rest = f"; {len(self.standing)} stand, for nothing that they read is new"
        told = f"{len(self.built)} of {of} models and registries are built, as {names}{more}"
        return f"{told} {'is' if len(self.new) == 1 else 'are'} new{rest if self.standing else ''}"


def plan(
    current: Settings, manifest: Mapping[str, Any], stage: str, nodes: Set[str], tests: Set[str]
) -> Plan:
    """Return what a stage of these nodes (models, registries) and tests has to build now."""
    read = {parent for node in nodes | tests for parent in manifest["parent_map"][node]} - nodes
    inputs = {parent: _relation(manifest, parent) for parent in read}
    with turn(current.warehouse), _open(current) as db:
        there = relations(db)
        looks = {HOUSE: _house(current)}
        looks |= {_short(name): look(db, name, there) for name in sorted({*inputs.values()})}
        before = _before(db, stage)
    if before.get(HOUSE) != looks[HOUSE]:
        return Plan(looks, (HOUSE,) if before else None, nodes, tests, set())
    changed = {name for name in looks if looks[name] != before.get(name)}
    missing = {node for node in nodes if _relation(manifest, node) not in there}
    starts = {parent for parent, name in inputs.items() if _short(name) in changed}
    reached = missing | _below(manifest, starts | missing)
    new = changed | {_short(_relation(manifest, node)) for node in missing}
    named = tuple(sorted(new, key=lambda name: (name.startswith(TOLD), name)))
    return Plan(looks, named, nodes & reached, tests & reached, nodes - reached)


def begin(current: Settings, stage: str) -> None:
    """Forget how a stage's inputs looked, until it is built to its end."""
    with turn(current.warehouse), _open(current) as db:
        db.execute(f"delete from {BUILT} where stage = ?", [stage])


def remember(current: Settings, stage: str, looks: Mapping[str, str]) -> None:
    """Write down how what a stage was built of looked, now that it is built to its end."""
    rows = [(stage, name, look) for name, look in looks.items()]
    with turn(current.warehouse), _open(current) as db:
        db.executemany(f"insert into {BUILT} values (?, ?, ?)", rows)


def in_order(manifest: Mapping[str, Any], nodes: Set[str]) -> list[str]:
    """Return nodes so that each comes after those of them that it reads."""
    reads = {node: nodes & {*manifest["parent_map"][node]} for node in sorted(nodes)}
    return list(TopologicalSorter(reads).static_order())


def _before(db: duckdb.DuckDBPyConnection, stage: str) -> dict[str, str]:
    db.execute(f"create table if not exists {BUILT} (stage varchar, input varchar, looks varchar)")
    found = db.execute(f"select input, looks from {BUILT} where stage = ?", [stage])
    return dict(found.fetchall())


def _below(manifest: Mapping[str, Any], starts: Iterable[str]) -> set[str]:
    """Return all that reads one of these, itself or through others."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        for child in manifest["child_map"][waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def _house(current: Settings) -> str:
    keys = (key.read_text() for key in sorted(current.keys.glob("*.key")))
    files = (file for file in (current.root / "uv.lock", *programs(current)) if file.exists())
    return hash_of(files, [models_hash(current), *keys])


def look(db: duckdb.DuckDBPyConnection, relation: str, there: Mapping[str, bool]) -> str:
    """Return what tells a relation from the same one changed.

    Of raw its rows and the last load that brought any, as each row that is new or changed has its
    load; of all others a hash of what they hold.
    """
    if relation not in there:
        return "not there"
    return str((arrival_of if there[relation] else content_of)(db, relation))


def relations(db: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Return each relation that is there, by dbt's name, and whether loads mark its rows."""
    rows = db.execute(
        "select database_name, schema_name, table_name, bool_or(column_name = ?) "
        "from duckdb_columns() where not internal group by all",
        [LOADED],
    ).fetchall()
    return {f'"{database}"."{schema}"."{name}"': marked for database, schema, name, marked in rows}


def _relation(manifest: Mapping[str, Any], unique_id: str) -> str:
    kind = "sources" if unique_id.startswith("source.") else "nodes"
    return str(manifest[kind][unique_id]["relation_name"])


def _short(relation: str) -> str:
    return ".".join(part.strip('"') for part in relation.split(".")[1:])


@contextmanager
def _open(current: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(current.warehouse) as db:
        db.execute("create schema if not exists ops")
        db.execute(f"attach '{current.publication}' as publication")
        yield db
