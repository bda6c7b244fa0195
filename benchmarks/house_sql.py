"""The house's own models, run over tables that were made up: no second formula anywhere.

A model's SQL is rendered as dbt renders it (the macros of `dbt_project/macros`, the same Jinja)
and built as a view over what it refers to: a table that was given under that name, else that model,
rendered alike. A test holds the rendering against what dbt compiles.
"""

import importlib.util
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import jinja2
import pandas as pd
import pyarrow as pa
import yaml

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
AS_OF = "2026-06-30T00:00:00"
Refer = Callable[[str], str]


@cache
def _project() -> dict[str, Any]:
    project: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    return project


@cache
def _files() -> dict[str, Path]:
    return {file.stem: file for file in (PROJECT / "models").rglob("*.sql")}


@cache
def _macros() -> str:
    """Return the project's macros as one text; tests and materializations are dbt's own blocks."""
    files = sorted((PROJECT / "macros").glob("*.sql"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


def render(model: str, ref: Refer, source: Callable[[str, str], str], as_of: str = AS_OF) -> str:
    """Return the SQL of a model as dbt compiles it, with relations named by `ref` and `source`."""
    declared = {**_project()["vars"], "as_of": as_of}
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals.update(
        ref=ref,
        source=source,
        var=lambda name, default=None: declared.get(name, default),
        config=lambda **_: "",
    )
    text = _files()[model].read_text(encoding="utf-8")
    return environment.from_string(_macros() + text).render().strip()


@cache
def _rendered(model: str, as_of: str) -> tuple[str, tuple[str, ...]]:
    """Return the SQL of a model with plain names, and what it refers to."""
    names: list[str] = []

    def ref(name: str) -> str:
        names.append(name)
        return f'"{name}"'

    sql = render(model, ref, lambda source, table: ref(f"{source}.{table}"), as_of)
    return sql, tuple(dict.fromkeys(names))


@cache
def python_model(name: str) -> ModuleType:
    """Return a dbt model that is written in Python, as a module with its functions."""
    [file] = (PROJECT / "models").rglob(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tables(
    columns: Mapping[str, Mapping[str, pa.DataType]],
    given: Mapping[str, Sequence[dict[str, Any]] | pd.DataFrame],
) -> dict[str, pa.Table]:
    """Return a table for each name with these columns: the rows given of it, else none."""
    found = {}
    for name, types in columns.items():
        rows = pd.DataFrame(given.get(name, [])).reindex(columns=list(types)).astype(object)
        found[name] = pa.table(
            {c: pa.array(rows[c], type=t, from_pandas=True) for c, t in types.items()}
        )
    return found


class HouseSql:
    """A DuckDB in memory in which models stand as tables made of given tables."""

    def __init__(self, given: Mapping[str, Any], as_of: str = AS_OF) -> None:
        self.as_of = as_of
        self.spill = tempfile.TemporaryDirectory()
        config = {"threads": 2, "memory_limit": "2GB", "temp_directory": self.spill.name}
        self.db = duckdb.connect(config=config)
        self.given: set[str] = set()
        self.made: set[str] = set()
        for name, rows in given.items():
            self.give(name, rows)

    def give(self, name: str, rows: Any) -> None:
        """Put rows (an Arrow table or a frame) in the place of a model; what was made is undone."""
        for model in self.made:
            self.db.execute(f'drop table "{model}"')
        self.made.clear()
        self.db.register("given_rows", rows)
        self.db.execute(f'create or replace table "{name}" as from given_rows')
        self.db.unregister("given_rows")
        self.given.add(name)

    def rows(self, model: str) -> Any:
        """Return the rows of a model as a frame."""
        return self.query(f'from "{model}"', model)

    def query(self, sql: str, *models: str) -> Any:
        """Return what a query over some models finds, as a frame."""
        for model in models:
            self._make(model)
        return self.db.execute(sql).df()

    def _make(self, model: str) -> None:
        if model in self.given | self.made:
            return
        seed = PROJECT / "seeds" / f"{model}.csv"
        if "." in model:
            raise LookupError(f"{model} is a source; give it, or the model that reads it")
        if seed.exists():
            self.db.execute(f'create table "{model}" as from read_csv(?)', [str(seed)])
        else:
            sql, refers_to = _rendered(model, self.as_of)
            for name in refers_to:
                self._make(name)
            self.db.execute(f'create table "{model}" as {sql}')
        self.made.add(model)

    def close(self) -> None:
        """Let the memory go, and what did not fit into it."""
        self.db.close()
        self.spill.cleanup()

    def __enter__(self) -> "HouseSql":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
