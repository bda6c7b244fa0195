"""The page as a file: what it says, how it is built, and how it is put in place."""

import re
from collections.abc import Callable
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

import dashboards
from dashboards.errors import UnreadablePublication, UnwritablePage
from dashboards.published import read
from dashboards.scorecard import write
from tests.published_file import audience, coverage, crowd, lively, measured, metrics, publish

ROOM = Path(dashboards.__file__).parent
VOID = {"meta", "link", "br", "img", "input", "hr"}

Tag = tuple[str, dict[str, str | None]]


class Page(HTMLParser):
    """The tags of a page in order, and its text without styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.text = " ".join(self.text.replace("\u00a0", " ").split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, *names: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of these names."""
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., Page]:
    def build(make: Callable[..., Path] = lively, *args: Any, **more: Any) -> Page:
        write(read(make(tmp_path / "marts.duckdb", *args, **more)), tmp_path / "scorecard.html")
        html = (tmp_path / "scorecard.html").read_text()
        built = Page(html)
        assert built.open == []
        return built

    return build


def test_the_page_needs_no_script_and_nobody_else(page: Callable[..., Page]) -> None:
    built = page()
    policy = [tag["content"] for tag in built.all("meta") if "http-equiv" in tag]
    addresses = [tag.get("href") or tag.get("src") for tag in built.all("link", "a", "img")]

    assert built.all("script", "iframe", "img") == []
    assert addresses == ["data:,"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert "url(" not in (ROOM / "templates" / "scorecard.css").read_text()


def test_a_reader_who_hears_the_page_finds_their_way(page: Callable[..., Page]) -> None:
    built = page()
    levels = [int(tag[1]) for tag, _ in built.tags if re.fullmatch(r"h[1-6]", tag)]
    ids = [attributes["id"] for _, attributes in built.tags if "id" in attributes]
    drawings = [tag for tag in built.all("svg") if tag.get("aria-hidden") != "true"]

    assert built.all("html")[0]["lang"] == "en"
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    assert len(ids) == len(set(ids))
    assert {tag.get("scope") for tag in built.all("th")} == {"col", "row"}
    assert {tag["role"] for tag in built.all("th", "td", "tr", "table")} == {
        "table", "row", "cell", "columnheader", "rowheader",
    }  # fmt: skip
    assert drawings
    assert all(tag["role"] == "img" and tag["aria-label"] for tag in drawings)
    assert [tag for tag, _ in built.tags if tag in ("main", "header", "footer")] == [
        "header", "main", "footer",
    ]  # fmt: skip
    assert built.all("a", "button", "input", "select") == []
    assert not any("tabindex" in attributes for _, attributes in built.tags)


def test_an_interval_has_a_text_alternative(page: Callable[..., Page]) -> None:
    labels = [tag.get("aria-label") for tag in page().all("svg")]

    assert "Net Promoter Score +31, 95 % interval [+25, +37], target +40" in labels


def test_what_is_missing_is_said_in_words(page: Callable[..., Page]) -> None:
    text = page().text

    for words in (
        "hidden: too few people",
        "not measured",
        "stale since 25 Jun 2026",
        "few answers",
        "too early to say",
        "no clear change",
        "▼ down 9 points [−15, −4], worse",
        "▲ up 7 points [2, 13], better",
        "● no owner",
        "● no journey",
        "Net Promoter Score, Q3 2025",
    ):
        assert words in text.replace("\ufe0e", ""), words


def test_an_audience_without_owner_or_journey_is_marked_in_the_table(
    page: Callable[..., Page],
) -> None:
    lonely = audience("neighbour", 1, owner_role=None, journey=None)
    text = page(publish, audiences=[lonely]).text.replace("\ufe0e", "")

    assert "Neighbour ● none nothing under way not measured" in text
    assert "● no journey no data" in text


def test_a_role_that_nobody_holds_is_marked_where_its_owner_would_stand(
    page: Callable[..., Page],
) -> None:
    left = audience("dealer", 1, owner_role="Channel Director", owner_status="vacant")
    text = page(publish, audiences=[left]).text.replace("\ufe0e", "")

    assert "Dealer ● vacant nothing under way not measured" in text
    assert "Channel Director" not in text


@pytest.mark.parametrize("status", ["held", "unverified"])
def test_a_role_that_may_be_held_is_shown(page: Callable[..., Page], status: str) -> None:
    there = audience("dealer", 1, owner_role="Channel Director", owner_status=status)

    text = page(publish, audiences=[there]).text

    assert "Channel Director" in text
    assert "● vacant" not in text.replace("\ufe0e", "")


def test_coverage_stands_as_two_numbers(page: Callable[..., Page]) -> None:
    built = page(
        publish, audiences=[audience("fan", 1)], audience_coverage=[coverage("fan", 0.25, 0.458)]
    )

    assert "declared 25 %" in built.text
    assert "evidenced 46 %" in built.text


def test_only_metrics_that_are_shown_are_defined(page: Callable[..., Page]) -> None:
    text = page().text

    assert "Kaplan-Meier median of created -> last solved; of tickets created" in text
    assert "interval: adjusted Wald" in text
    assert "Repeat-customer rate" not in text


def test_the_footer_names_clock_and_publication(tmp_path: Path) -> None:
    marts, out = lively(tmp_path / "marts.duckdb"), tmp_path / "scorecard.html"
    facts = write(read(marts), out)
    text = Page(out.read_text()).text

    assert facts["as_of"] == datetime(2026, 6, 30)
    assert facts["bytes"] == out.stat().st_size
    assert facts["audiences"] == 36
    assert f"As of 30 Jun 2026, 00:00 UTC. Publication {facts['publication'][:12]}" in text


def test_outcome_prefers_nps_to_csat_and_what_is_measured_to_what_is_not(
    page: Callable[..., Page],
) -> None:
    both = [measured("a", "nps", 12.0), measured("a", "csat", 0.8)]
    one = [measured("b", "nps", None, status="not_measured"), measured("b", "csat", 0.7)]
    built = page(
        publish,
        audiences=[audience("a", 1), audience("b", 2)],
        metrics=metrics("nps", "csat"),
        metric_values=both + one,
    )
    cells = [tag["data-cell"] for tag in built.all("span") if "data-cell" in tag]

    assert cells == ["a/nps", "b/csat"]


def test_names_of_the_registry_are_data(page: Callable[..., Page]) -> None:
    markup = "</style><script>alert(1)</script><img src=x onerror=alert(1)>"
    built = page(crowd, 20, label=markup, owner_role=f'"><b>{markup}')

    assert built.all("script", "img", "b") == [{}]
    assert markup in built.text


def test_sixty_audiences_are_twelve_rows_and_a_list(page: Callable[..., Page]) -> None:
    built = page(crowd, 60)

    assert len(built.all("tr")) == 13
    assert len(built.all("li")) == 48
    assert "The other 48" in built.text
    assert "And 24 more on the page itself." in built.text


def test_an_empty_house_has_a_page(page: Callable[..., Page]) -> None:
    built = page(publish)

    assert built.all("table", "li") == []
    assert "No audience is registered" in built.text
    assert "No number is shown yet" in built.text


def test_a_house_of_one_audience_has_no_list_of_others(page: Callable[..., Page]) -> None:
    built = page(crowd, 1)

    assert len(built.all("tr")) == 2
    assert "The other" not in built.text


def test_the_common_period_is_named_once_and_others_in_their_cells(
    page: Callable[..., Page],
) -> None:
    old = {"period_start": date(2025, 7, 1), "period_end": date(2025, 10, 1)}
    built = page(
        publish,
        audiences=[audience(key, rank) for rank, key in enumerate("abc")],
        metrics=metrics("nps"),
        metric_values=[measured(key, "nps", 1.0) for key in "ab"]
        + [measured("c", "nps", 2, **old)],
    )

    assert "Numbers of Q1 2026, unless a cell names another period." in built.text
    assert built.text.count("Q1 2026") == 1
    assert built.text.count("Q3 2025") == 1


def test_writing_replaces_the_page_whole_and_leaves_nothing_aside(tmp_path: Path) -> None:
    marts, out = lively(tmp_path / "marts.duckdb"), tmp_path / "site" / "scorecard.html"
    write(read(marts), out)
    before = out.read_text()
    with out.open() as reader:
        write(read(marts), out)

        assert reader.read() == before
    assert out.read_text() == before
    assert [file.name for file in out.parent.iterdir()] == ["scorecard.html"]


def test_the_published_file_is_closed_and_stays_as_it_was(tmp_path: Path) -> None:
    marts = lively(tmp_path / "marts.duckdb")
    before = marts.read_bytes()
    write(read(marts), tmp_path / "scorecard.html")

    assert marts.read_bytes() == before
    with duckdb.connect(str(marts)) as db:
        db.execute("create table pub_next (x integer)")


def test_a_broken_publication_leaves_the_former_page(tmp_path: Path) -> None:
    out = tmp_path / "scorecard.html"
    out.write_text("the former page")
    (tmp_path / "marts.duckdb").write_bytes(b"not a database")

    with pytest.raises(UnreadablePublication, match="publish again with `ax run`"):
        write(read(tmp_path / "marts.duckdb"), out)
    assert out.read_text() == "the former page"


def test_a_folder_that_takes_no_page_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")

    with pytest.raises(UnwritablePage, match="cannot be written"):
        write(read(lively(tmp_path / "marts.duckdb")), tmp_path / "taken" / "scorecard.html")
