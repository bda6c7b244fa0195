"""Toys: a folder-less vendor whose rows a test hands in, a house whose models it hands in."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dlt
import yaml

from ingestion.connector import Column, Connector, Table
from orchestration import keys
from orchestration.settings import ROOT, Settings, read

REAL = ROOT / "dbt_project"

THINGS = Table(
    "things",
    ("id",),
    {"id": Column("bigint"), "name": Column("string"), "at": Column("timestamp")},
    "Things of a toy vendor.",
    time="at",
)


def row(number: int, name: str = "thing", at: str = "2026-06-29T10:00:00Z") -> dict[str, Any]:
    return {"id": number, "name": name, "at": at}


def toy(name: str, rows: Callable[[], list[dict[str, Any]]], is_whole: bool = False) -> Connector:
    def source():
        @dlt.source(name=name)
        def toys():
            return dlt.resource(lambda: [rows()], name="things")

        return toys()

    return Connector(name, name.title(), (replace(THINGS, is_whole=is_whole),), source)


def toy_house(root: Path, files: Mapping[str, str], sources: str = "") -> Settings:
    """Return a house with keys, whose dbt project has these files beside macros of the real one."""
    project = root / "dbt_project"
    for room in ("tests", "materializations"):
        shutil.copytree(REAL / "macros" / room, project / "macros" / room)
    (project / "macros" / "generated").mkdir()
    for name in ("profiles.yml", "macros/generate_schema_name.sql"):
        shutil.copyfile(REAL / name, project / name)
    told = yaml.safe_load((REAL / "dbt_project.yml").read_text())
    kept = {name: told[name] for name in ("name", "version", "profile", "flags", "vars")}
    (project / "dbt_project.yml").write_text(yaml.safe_dump(kept))
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    current = read({"AX_DATA_DIR": str(root / "data"), "AX_SOURCES": sources}, root)
    keys.ensure(current.keys)
    current.warehouse.parent.mkdir(parents=True)
    return current


def program(file: Path, script: str) -> str:
    """Write a shell script that stands in for dbt, and return its path."""
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o700)
    return str(file)
