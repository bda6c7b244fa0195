"""dbt's stages on a Spark cluster: what they read is handed over, what they made is shown here."""

import json
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.affected import look, relations
from orchestration.project import dbt_environment
from orchestration.settings import SPARK, Settings, lent
from storage import Cluster, opened
from storage.cluster import KEPT
from storage.errors import BuiltElsewhere
from storage.sql import named, quoted

VIEW = "view"  # has no rows of its own: on Spark what it shows is in no file
INCREMENTAL = "incremental"  # tells what is told nowhere else: the warehouse keeps its rows


@contextmanager
def building(current: Settings, manifest: Mapping[str, Any], nodes: Set[str]) -> Iterator[Path]:
    """Let dbt build some nodes where the settings say; yield the folder that dbt writes to.

    Raises:
        NoCluster: nobody answers there.
        BuiltElsewhere: what was built is not in the folder.
    """
    environment, folder = dbt_environment(current), current.manifest.parent
    if (cluster := current.cluster) is None:
        with lent(environment):
            yield folder
        return
    cluster.answers()
    hand_over(current, cluster, manifest, nodes)
    with lent({**environment, "AX_DBT_TARGET": SPARK}):
        yield folder / SPARK  # what dbt writes for that target
    told = folder / SPARK / "run_results.json"
    results = json.loads(told.read_text())["results"] if told.exists() else []
    done = {result["unique_id"] for result in results if result["status"] == "success"}
    take_back(current, cluster, manifest, nodes & done)


def hand_over(
    current: Settings, cluster: Cluster, manifest: Mapping[str, Any], nodes: Set[str]
) -> list[str]:
    """Write out what nodes read or go on from, where it changed; return which tables those are."""
    sources = [manifest["sources"][each] for each in sorted(_sources(manifest, nodes))]
    given = [(each["relation_name"], each["schema"], each["identifier"], "") for each in sources]
    kept = [node for node in map(manifest["nodes"].__getitem__, sorted(nodes)) if _is_kept(node)]
    given += [(each["relation_name"], each["schema"], each["alias"], KEPT) for each in kept]
    handed = []
    with opened(current.warehouse) as db:
        there = relations(db)
        for relation, schema, name, under in given:
            if relation not in there:
                cluster.withdraw((schema, name), under)
            elif cluster.hand(db, (schema, name), look(db, relation, there), under):
                handed.append(f"{schema}.{name}")
    return handed


def _sources(manifest: Mapping[str, Any], nodes: Set[str]) -> set[str]:
    """Return the sources that nodes read, by themselves or through views that stand."""
    read = {parent for node in nodes for parent in manifest["parent_map"][node]}
    found = read & manifest["sources"].keys()
    views = {
        each for each in (read & manifest["nodes"].keys()) - nodes
        if manifest["nodes"][each]["config"]["materialized"] == VIEW
    }  # fmt: skip
    return found | (_sources(manifest, views) if views else set())


def _is_kept(node: Mapping[str, Any]) -> bool:
    return bool(node["config"]["materialized"] == INCREMENTAL)


def take_back(
    current: Settings, cluster: Cluster, manifest: Mapping[str, Any], nodes: Set[str]
) -> None:
    """Show what was built: as tables what is published or kept, all else as views."""
    with opened(current.warehouse) as db:
        db.execute(f"attach {quoted(str(current.publication))} as publication")
        tables = {
            named(*parts)
            for parts in db.execute(
                "select database_name, schema_name, table_name from duckdb_tables()"
            ).fetchall()
        }
        for node in map(manifest["nodes"].__getitem__, sorted(nodes)):
            if node["config"]["materialized"] != VIEW:
                _show(db, cluster, node, tables)


def forget(current: Settings) -> list[Path]:
    """Delete what was handed over and made, and what shows it; return the folders it was in.

    The next build makes it anew, of what the warehouse still has.
    """
    if (cluster := current.cluster) is None:
        return []
    with opened(current.warehouse) as db:
        shown = db.execute(
            "select schema_name, view_name from duckdb_views() "
            "where database_name = current_database() and contains(sql, ?)",
            [str(cluster.files)],
        ).fetchall()
        for schema, view in shown:
            db.execute(f"drop view {named(schema, view)}")
    return cluster.forget()


def _show(
    db: duckdb.DuckDBPyConnection, cluster: Cluster, node: Mapping[str, Any], tables: Set[str]
) -> None:
    columns = {name.lower(): facts for name, facts in node["columns"].items()}
    types = {name: str(c["data_type"]) for name, c in columns.items() if c.get("data_type")}
    query = cluster.made(db, (node["schema"], node["alias"]), types)
    relation, is_published = node["relation_name"], node["database"] == "publication"
    if query is None:
        raise BuiltElsewhere(f"{node['schema']}.{node['alias']}", str(cluster.files))
    is_table = is_published or _is_kept(node)
    if relation in tables and not is_table:  # of a time when DuckDB built it
        db.execute(f"drop table {relation}")
    db.execute(f"create schema if not exists {relation.rsplit('.', 1)[0]}")
    db.execute(f"create or replace {'table' if is_table else 'view'} {relation} as {query}")
    if is_published:
        # What a table and a column mean stands in the file itself, as dbt writes it elsewhere.
        _comment(db, f"table {relation}", node["description"])
        for name, facts in columns.items():
            _comment(db, f'column {relation}."{name}"', facts.get("description", ""))


def _comment(db: duckdb.DuckDBPyConnection, what: str, text: str) -> None:
    db.execute(f"comment on {what} is {quoted(text)}")
