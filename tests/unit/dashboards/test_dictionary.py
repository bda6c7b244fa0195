"""The dictionary: of each number what it means, whence it is, who answers for it, what became of it."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards import dictionary
from orchestration import metric_pages
from tests.published_file import metrics, publish


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    file = publish(tmp_path_factory.mktemp("told") / "marts.duckdb", metrics=metrics())
    with duckdb.connect(str(file), read_only=True) as db:
        return dictionary.metrics(db)


def test_every_metric_says_formula_source_owner_and_dated_changes(told: Any) -> None:
    assert {row["metric"] for row in told} == {row["metric"] for row in metric_pages.registry()}
    facts = {name for name, _ in dictionary.METRIC_FACTS}
    assert {"formula", "source", "owner", "changes"} <= facts
    for row in told:
        assert all(row[name] for name in ("formula", "source", "owner")), row["metric"]
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d [^;]+(; |$))+", row["changes"]), row["metric"]


def test_page_and_dictionary_say_the_same_of_a_metric(told: Any) -> None:
    pages = {file.stem: text for file, text in metric_pages.pages().items()}
    for row in told:
        page = pages[row["metric"]]
        assert f"| Owner | {row['owner']} |" in page
        assert f"| Changes | {row['changes']} |" in page
        assert f"| Formula | {row['formula']} |" in page


def test_a_table_says_of_each_column_what_it_holds(tmp_path: Path) -> None:
    file = publish(tmp_path / "marts.duckdb")
    with duckdb.connect(str(file)) as db:
        db.execute("comment on column pub_metrics.owner is 'who answers'")
        tables = {table["name"]: table for table in dictionary.tables(db)}
    said = {column["name"]: column["comment"] for column in tables["pub_metrics"]["columns"]}
    assert said["owner"] == "who answers"
