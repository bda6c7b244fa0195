"""Readers while publications are made: each a process that opens, asks and closes, and begins anew.

A reading opens the file twice and asks three times: the file by its name, and the file and the
exports of one publication. Five readings a second are ten openings and fifteen queries.

`python -m tests.readers FOLDER` is one of them; it prints what it saw until its input is closed.
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pytest

from orchestration import publish
from orchestration.settings import ROOT, Settings

EVERY_SECONDS = 0.2
QUERIES = 3  # of a reading
AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
ALL = "select min(number), max(number), count(*) from "


@dataclass(frozen=True, slots=True)
class Seen:
    """The first query of a reading: when it began and was answered (monotonic seconds), and the
    number it found.
    """

    began: float
    ended: float
    number: int


def read(folder: Path) -> Seen:
    """Ask the file, and file and exports of one publication, found through the one link."""
    began = time.monotonic()
    with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as db:
        low, number, rows = db.execute(f"{ALL} pub_numbers").fetchone()
    ended = time.monotonic()
    one = (folder / "current").resolve()
    with duckdb.connect(str(one / "marts.duckdb"), read_only=True) as db:
        file = db.execute(f"{ALL} pub_numbers").fetchone()
        exports = db.execute(f"{ALL} '{one}/parquet/pub_numbers.parquet'").fetchone()
    assert low == number
    assert file == exports
    assert json.loads((one / "manifest.json").read_text())["rows"]["pub_numbers"] == file[2] == rows
    return Seen(began, ended, number)


def main(folder: Path) -> None:
    due = time.monotonic()
    while not select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
        due = max(due + EVERY_SECONDS, time.monotonic())
        seen = read(folder)
        print(seen.began, seen.ended, seen.number, flush=True)


def watched(
    current: Settings,
    built: Callable[..., None],
    readers: int,
    publications: int,
    patch: pytest.MonkeyPatch,
) -> dict[str, Any]:
    """Publish while readers read; fail when one had an error or saw the past; return the figures."""
    renamed = {}

    def noted(source: object, target: object, replace: Callable[..., None] = os.replace) -> None:
        replace(source, target)
        if Path(str(target)).name == publish.CURRENT:
            renamed[len(renamed)] = time.monotonic()

    patch.setattr(os, "replace", noted)
    built(*[0] * 1000)
    publish.publish(current, AS_OF, {})
    command = [sys.executable, "-m", "tests.readers", str(current.published)]
    logs = [current.data / f"reader-{number}.txt" for number in range(readers)]
    running = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=log.open("w"),
            stderr=subprocess.PIPE,
            text=True,
        )
        for log in logs
    ]
    while not all(
        log.stat().st_size or reader.poll() for log, reader in zip(logs, running, strict=True)
    ):
        time.sleep(EVERY_SECONDS)
    for number in range(1, publications + 1):
        built(*[number] * 1000)
        publish.publish(current, AS_OF, {})
        time.sleep(EVERY_SECONDS)
    errors = [reader.communicate()[1] for reader in running]
    assert [error for error in errors if error] == []
    assert [reader.returncode for reader in running] == [0] * readers

    saw = [[_seen(line) for line in log.read_text().splitlines()] for log in logs]
    for one in saw:
        for query in one:
            there = max(n for n, at in renamed.items() if n == 0 or at <= query.began)
            assert query.number >= there, "a query that began after the rename saw the past"
    lags = [
        min(query.ended for query in one if query.number >= number) - renamed[number]
        for one in saw
        for number in range(1, publications + 1)
    ]
    spans = [one[-1].ended - one[0].began for one in saw]
    return {
        "readers": readers,
        "publications": publications,
        "queries": QUERIES * sum(map(len, saw)),
        "queries_a_second_each": round(QUERIES * sum(map(len, saw)) / sum(spans), 1),
        "errors": 0,
        "old_data_in_queries_begun_after_the_rename": 0,
        "load_average": round(os.getloadavg()[0], 1),
        "new_data_after_seconds_at_most": round(max(lags), 2),
        "new_data_after_seconds_median": round(median(lags), 2),
    }


def _seen(line: str) -> Seen:
    began, ended, number = line.split()
    return Seen(float(began), float(ended), int(number))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
