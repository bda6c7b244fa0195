"""The explorer shows what the published file says, hides what it hides, and keeps none open."""

import os
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from dashboards import explorer
from dashboards.figures import day, figure, interval
from tests.published_file import QUARTER, audience, insert, lively, measured, metrics, publish

SCRIPT = explorer.__file__
QUARTERS = [date(2025, month, 1) for month in (1, 4, 7, 10)]
SEEN = {
    QUARTERS[0]: {"value": 12.0, "low": 3.0, "high": 21.0, "n": 80},
    QUARTERS[1]: {"value": None, "n": None, "status": "suppressed"},
    QUARTERS[2]: {"value": 14.0, "low": 5.0, "high": 23.0, "n": 21, "status": "low_n"},
    QUARTERS[3]: {"value": 15.0, "low": 6.0, "high": 24.0, "n": 83},
}


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lively house with four quarters of a score in a country, the second of them hidden."""
    file = lively(tmp_path_factory.mktemp("explored") / "marts.duckdb")
    rows = [
        measured("customer", "nps", period_start=start, period_end=end, segment="country=C%C3%B4te", **seen)
        for (start, seen), end in zip(SEEN.items(), [*QUARTERS[1:], QUARTER], strict=True)
    ]  # fmt: skip
    with duckdb.connect(str(file)) as db:
        insert(db, "pub_metric_values", rows)
    return file


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open the explorer of a file with some picks made."""

    def show(file: Path, **picks: Any) -> AppTest:
        monkeypatch.setattr(sys, "argv", [SCRIPT, str(file)])
        page = AppTest.from_file(SCRIPT, default_timeout=60)
        for name, key in picks.items():
            page.session_state[name] = key
        page.run()
        assert not page.exception
        return page

    return show


def read(text: object) -> str:
    """Return what a reader sees of a text that is marked up for Markdown."""
    return re.sub(r"\\(.)", r"\1", str(text))


def table(page: AppTest) -> list[list[str]]:
    return [[read(cell) for cell in row] for row in page.table[0].value.itertuples(index=False)]


def points(page: AppTest) -> list[dict[str, Any]]:
    """Return the rows that the page's chart is given."""
    [chart] = page.get("vega_lite_chart")
    [rows] = chart.proto.datasets
    return convert_arrow_bytes_to_pandas_df(rows.data.data).to_dict("records")


def test_the_table_and_the_chart_are_the_published_rows(marts, shown) -> None:
    page = shown(marts, metric="nps", audience="customer", segment="country=C%C3%B4te")
    said = {"suppressed": "hidden: too few people"}
    expected = [
        [
            day(start),
            f"{figure(row['value'], 'score')} {interval(row['low'], row['high'], 'score')}"
            + (" (few answers)" if row.get("status") == "low_n" else "")
            if row["value"] is not None
            else said[row["status"]],
            str(row["n"]) if row["n"] is not None else said[row["status"]],
        ]
        for start, row in reversed(SEEN.items())
    ]

    assert [[first, value, n] for first, _, value, n in table(page)] == expected
    assert [last for _, last, *_ in table(page)] == [
        day(date(2025, 12, 31)), day(date(2025, 9, 30)), day(date(2025, 6, 30)), day(date(2025, 3, 31))
    ]  # fmt: skip
    assert [(row["period"], row["value"], row["low"], row["high"], row["sure"]) for row in points(page)] == [
        (start.isoformat(), row["value"], row["low"], row["high"], "status" not in row)
        for start, row in reversed(SEEN.items()) if row["value"] is not None
    ]  # fmt: skip


def test_a_hidden_cell_shows_no_number_anywhere(marts, shown) -> None:
    page = shown(marts, metric="nps", audience="superfan")
    [[_, _, value, n]] = table(page)

    assert value == n == "hidden: too few people"
    assert not page.get("vega_lite_chart")
    page = shown(marts, metric="nps", audience="customer", segment="country=C%C3%B4te")
    assert not re.search(r"\d", "".join(table(page)[2][2:]))
    assert QUARTERS[1].isoformat() not in {row["period"] for row in points(page)}


def test_what_was_never_measured_is_said_so(marts, shown) -> None:
    page = shown(marts, metric="csat", audience="employee")
    assert table(page)[0][2:] == ["not measured", "not measured"]


def test_only_what_is_published_is_offered_by_its_names(marts, shown) -> None:
    page = shown(marts, metric="nps")
    asked = {box.key: box.options for box in page.selectbox}

    assert [*asked] == ["metric", "audience", "segment", "period_kind"]
    assert asked["audience"][:2] == ["Customers", "Fans"]
    assert "Employees" not in asked["audience"]
    assert asked["segment"] == ["everybody", "country: Côte"]
    assert asked["period_kind"] == ["quarter"]


def test_the_definition_stands_beside_the_number(marts, shown) -> None:
    page = shown(marts, metric="nps")
    said = read(" ".join(each.value for each in page.markdown))
    with duckdb.connect(str(marts), read_only=True) as db:
        known = db.execute(
            "select formula, denominator from pub_metrics where metric = 'nps'"
        ).fetchone()

    assert all(words in said for words in known)
    assert "From pub_metric_values" in said


def test_a_version_is_asked_for_where_there_are_two(tmp_path, shown) -> None:
    values = [measured("fan", "nps", 10.0 * version, definition_version=version) for version in (1, 2)]  # fmt: skip
    file = publish(
        tmp_path / "marts.duckdb",
        audiences=[audience("fan", 1)],
        metrics=[row | {"definition_version": 2} for row in metrics("nps")],
        metric_values=values,
    )
    page = shown(file)

    assert page.selectbox(key="definition_version").value == 2
    former = "This is version 2; what 1 was is not published."
    assert table(page)[0][2].startswith("+20")
    assert former not in [each.value for each in page.markdown]
    page.selectbox(key="definition_version").select(1).run()
    assert table(page)[0][2].startswith("+10")
    assert former in [each.value for each in page.markdown]


def test_the_newest_publication_is_shown_and_none_is_kept_open(tmp_path, shown) -> None:
    link = tmp_path / "marts.duckdb"
    for name, value in (("one", 10.0), ("two", 20.0)):
        publish(tmp_path / name, metric_values=[measured("fan", "nps", value)])
    link.symlink_to("one")
    page = shown(link)
    assert table(page)[0][2].startswith("10")

    # Somebody still reads the former one, in this very process and by the same name.
    with duckdb.connect(str(link), read_only=True):
        link.unlink()
        link.symlink_to("two")
        page.run()
    assert table(page)[0][2].startswith("20")
    held = {os.readlink(f"/proc/self/fd/{each}") for each in os.listdir("/proc/self/fd")
            if os.path.exists(f"/proc/self/fd/{each}")}  # fmt: skip
    assert not held & {str(tmp_path / name) for name in ("one", "two")}


def test_without_values_or_without_a_file_it_says_so_in_one_sentence(tmp_path, shown) -> None:
    page = shown(publish(tmp_path / "empty"))
    assert [read(each.value) for each in page.markdown] == ["No metric value is published yet."]
    [problem] = shown(tmp_path / "nothing").error
    assert "publish again with `ax run`" in read(problem.value)


def test_names_are_text_and_no_markup() -> None:
    assert read(explorer.plain("a *b* [c](//d) :red[e] $f$ <g> #h_i_")) == "a *b* [c](//d) :red[e] $f$ <g> #h_i_"  # fmt: skip
    assert not re.search(r"(?<!\\)[*\[\]:$<>#_`~|]", explorer.plain("*[]:$<>#_`~|"))
    assert explorer.plain("مشجعو – Côte 63 %") == "مشجعو – Côte 63 %"
