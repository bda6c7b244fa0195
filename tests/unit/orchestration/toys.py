"""Toy connectors: a folder-less vendor whose rows a test hands in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import dlt

from ingestion.connector import Column, Connector, Table

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
