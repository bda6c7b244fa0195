"""The class of each column, as the YAML files of the dbt project say it."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

MODELS = Path(__file__).resolve().parents[1] / "dbt_project" / "models"
CLASSES = ("direct_identifier", "quasi_identifier", "sensitive", "free_text", "none")


class Class(NamedTuple):
    """What a column is called; `why` it may leave, where it is not `none` and leaves."""

    name: str | None
    why: str | None
    description: str | None


@cache
def listed() -> dict[str, dict[str, Class]]:
    """Return the columns of each model that the YAML files list."""
    found: dict[str, dict[str, Class]] = {}
    for file in sorted(MODELS.rglob("*.yml")):
        content = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for model in content.get("models", []):
            columns = model.get("columns", [])
            found[model["name"]] = {column["name"]: _class(column) for column in columns}
    return found


def _class(column: dict[str, Any]) -> Class:
    meta = column.get("config", {}).get("meta", {})
    return Class(meta.get("class"), meta.get("why"), column.get("description"))


@cache
def folders() -> dict[str, str]:
    """Return the folder of each model under dbt_project/models: its layer."""
    files = [file for file in MODELS.rglob("*") if file.suffix in (".sql", ".py")]
    return {file.stem: file.relative_to(MODELS).parts[0] for file in files}


def differences(there: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return by model which columns are there and not listed, or listed and not there."""
    wrong = {name: columns ^ listed().get(name, {}).keys() for name, columns in there.items()}
    return {name: columns for name, columns in wrong.items() if columns}
