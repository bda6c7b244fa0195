"""Which rows break a test: how many, a few of them by their key, and never whom they are about.

Asked only where a test failed. What is shown of a row is what the class of its columns permits
(docs/classification.md): `none` and what a published column says a reason for as they are, another
key as its pseudonym for the purpose `operations`, and of all else the column's name alone.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import dagster as dg
import duckdb

from orchestration import keys
from orchestration.complaints import in_a_line
from privacy.redaction_text import Known, find, redact_text

How = Literal["as it is", "pseudonym"]

MOST = 5  # rows that are shown of each broken promise
PURPOSE = "operations"
PSEUDONYM = 12  # characters of it: enough to find the row again by
PROMISE = "broken_promise"
# Written by the tests themselves (dbt_project/macros/tests), and no value of a row.
BY_TESTS = (PROMISE, "row_count")
# What a test of one column calls it.
ALIASES = ("failing_key", "from_field")
# Of class `none` are words of a registry and figures; what is neither may be anything.
WORD = re.compile(r"[\w.:|/+-]{1,60}")


def explain(
    db: duckdb.DuckDBPyConnection,
    manifest: Mapping[str, Any],
    folder: Path,
    result: Mapping[str, Any],
) -> tuple[str, dict[str, Any]]:
    """Return a sentence on a test that failed, and what its page in Dagster shows of it.

    `result` is its entry in dbt's `run_results.json`; `folder` is where the keys lie.
    """
    test = manifest["nodes"][result["unique_id"]]
    command = f"cd dbt_project && dbt show --log-level-file none --select {test['name']}"
    remedy = f"see them whole: {command}; mend the source or the model, then ax run"
    if not result.get("compiled_code") or result["failures"] is None:
        return f"it could not be asked: {in_a_line(result['message'])}", {}
    rows = f"(\n{result['compiled_code']}\n)"
    names = [name for name, *_ in db.execute(f"describe from {rows}").fetchall()]
    shown = {name: how for name in names if (how := _how(manifest, test, name))}
    sample = [_record(row, folder) for row in _sample(db, rows, shown, PROMISE in names)]
    left_out = [name for name in names if name not in shown]
    said = {
        **({"sample": dg.MetadataValue.table(sample)} if sample else {}),
        **({"not_shown": ", ".join(left_out)} if left_out else {}),
        "remedy": remedy,
    }
    return _counted(db, rows, result["failures"], PROMISE in names), said


def _how(manifest: Mapping[str, Any], test: Mapping[str, Any], name: str) -> How | None:
    """Say how a column of what a test found may be shown; None for not at all.

    Where several tables that the test reads have the column, each of them has to permit it.
    """
    if name in BY_TESTS:
        return "as it is"
    own = test["meta"].get("classes", {})
    if name in own:
        return _permitted({"class": own[name]}, name)
    arguments = (test.get("test_metadata") or {}).get("kwargs", {})
    column = arguments["column_name"] if name in ALIASES else name
    if "test_metadata" in test and column not in _keys(manifest, test["attached_node"]):
        return None
    ways = {_permitted(meta, column) for meta in _metas(manifest, test, column)}
    if not ways or None in ways:
        return None
    return "pseudonym" if "pseudonym" in ways else "as it is"


def _permitted(meta: Mapping[str, Any], column: str) -> How | None:
    if meta.get("class") == "none" or meta.get("why"):
        return "as it is"
    is_key = meta.get("class") == "quasi_identifier" and column.endswith(("_id", "_key"))
    return "pseudonym" if is_key else None


def _metas(
    manifest: Mapping[str, Any], test: Mapping[str, Any], column: str
) -> Iterator[Mapping[str, Any]]:
    for unique_id in test["depends_on"]["nodes"]:
        node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
        if column in node["columns"]:
            # A registry is what leadership wrote: its keys are its own words.
            is_registry = node["resource_type"] == "seed"
            yield {"class": "none"} if is_registry else node["columns"][column]["config"]["meta"]


def _keys(manifest: Mapping[str, Any], model: str) -> set[str]:
    """Return the columns that a model's tests hold to be its key, or tell beside it."""
    found: set[str] = set()
    for test in manifest["nodes"].values():
        if test.get("attached_node") == model and test.get("test_metadata"):
            arguments = test["test_metadata"]["kwargs"]
            found |= {*arguments.get("columns", ()), *arguments.get("key", ())}
            found |= {arguments[name] for name in ("column_name", "of") if name in arguments}
    return found


def _sample(
    db: duckdb.DuckDBPyConnection, rows: str, shown: Mapping[str, How], has_promises: bool
) -> list[dict[str, tuple[How, Any]]]:
    """Return some rows, a dict a row: the value of each column that may be shown, and how."""
    if not shown:
        return []
    columns = ", ".join(f'"{name}"' for name in shown)
    kinds = f"partition by {PROMISE}" if has_promises else ""
    found = db.execute(
        f"select {columns} from (select distinct {columns} from {rows}) "
        f"qualify row_number() over ({kinds} order by {columns}) <= {MOST} order by all"
    ).fetchall()
    return [dict(zip(shown, zip(shown.values(), row, strict=True), strict=True)) for row in found]


def _record(row: Mapping[str, tuple[How, Any]], folder: Path) -> dg.TableRecord:
    return dg.TableRecord(
        {name: _cell(name, how, value, folder) for name, (how, value) in row.items()}
    )


def _cell(name: str, how: How, value: Any, folder: Path) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    if how == "pseudonym":
        return keys.pseudonyms(folder, PURPOSE, [text])[0][:PSEUDONYM]
    if name == PROMISE:
        return _in_words(text)
    return text if WORD.fullmatch(text) and not find(text) else "(no word of a registry)"


def _in_words(promise: str) -> str:
    """Return a test's own words; where they name a value, without what tells of anybody."""
    return redact_text(promise, None, Known())[0]


def _counted(db: duckdb.DuckDBPyConnection, rows: str, failures: int, has_promises: bool) -> str:
    """Say how many rows fail, by the promise that they break where there are several."""
    told = f"{failures:,} row{'' if failures == 1 else 's'} should not be there"
    if not has_promises:
        return told
    broken = db.execute(f"select {PROMISE}, count(*) from {rows} group by all order by 2 desc, 1")
    each = (f"{_in_words(name)} ({count:,})" for name, count in broken.fetchmany(MOST))
    return f"{told}: {', '.join(each)}"
