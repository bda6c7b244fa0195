"""The scorecard as people meet it: in a real browser, from a file, on two widths and on paper."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from dashboards.figures import figure, interval
from dashboards.published import read
from dashboards.scorecard import write
from tests.browser import HOUSES, NEEDS_CHROMIUM, chromium

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module", params=HOUSES.values(), ids=HOUSES.keys())
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a published file and its page."""
    folder = tmp_path_factory.mktemp("house")
    write(read(request.param(folder / "marts.duckdb")), folder / "scorecard.html")
    return folder


@pytest.fixture
def open_page(browser: Browser, files: Path) -> Iterator[Callable[..., Page]]:
    pages = []

    def open_at(**options: Any) -> Page:
        page = browser.new_page(**options)
        pages.append(page)
        page.goto((files / "scorecard.html").as_uri())
        return page

    yield open_at
    for page in pages:
        page.close()


def test_the_page_asks_nobody_and_complains_of_nothing(browser: Browser, files: Path) -> None:
    asked, complaints = [], []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto((files / "scorecard.html").as_uri())
    page.wait_for_load_state("networkidle")

    elsewhere = [url for url in asked if not url.startswith(("file://", "data:"))]
    assert (elsewhere, complaints) == ([], [])
    assert page.evaluate("document.querySelectorAll('script, img, iframe').length") == 0
    page.close()


def test_the_numbers_on_the_page_are_the_published_ones(
    files: Path, open_page: Callable[..., Page]
) -> None:
    shown = open_page().evaluate(
        """() => [...document.querySelectorAll('[data-cell]')].map(value => {
            const cell = value.closest('td');
            return [value.dataset.cell, value.textContent,
                    cell.querySelector('.ends').textContent, cell.querySelector('.n').textContent];
        })"""
    )
    with duckdb.connect(str(files / "marts.duckdb"), read_only=True) as db:
        rows = db.execute(
            """
            select audience || '/' || metric, value, low, high, unit, n
            from pub_metric_values inner join pub_metrics using (metric)
            where value is not null and segment = 'all'
            """
        ).fetchall()
    published = {
        key: [figure(value, unit), interval(low, high, unit), f"n\u00a0{n}"]
        for key, value, low, high, unit, n in rows
    }

    assert bool(shown) == bool(published)
    assert {key: words for key, *words in shown} == {key: published[key] for key, *_ in shown}


# A text is cut off where it leaves its own box or the page; `apart` is hidden on purpose.
CUT_OFF = """apart => {
    const lost = [], edge = document.documentElement.clientWidth + 1;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode, parent = node.parentElement;
        if (!node.data.trim() || parent.closest(apart) || !parent.checkVisibility()) continue;
        const box = parent.closest('td, th, li, dd, dt, p, h1, h2').getBoundingClientRect();
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const text of range.getClientRects()) {
            const inside = text.left >= box.left - 1.5 && text.right <= box.right + 1.5
                && text.top >= box.top - 3 && text.bottom <= box.bottom + 3;
            if (!inside || text.left < -1 || text.right > edge) {
                lost.push(`${node.data.trim().slice(0, 40)} in ${parent.className}`);
                break;
            }
        }
    }
    if (document.documentElement.scrollWidth > edge) lost.push('the page scrolls sideways');
    return lost;
}"""


def test_no_text_is_cut_off_at_any_width(open_page: Callable[..., Page]) -> None:
    page, lost = open_page(), {}
    for width in (380, 800, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        # Cards name their cells themselves; the head of the table is for hearing only then.
        lost[width] = page.evaluate(CUT_OFF, ".unseen" if width >= 1280 else ".unseen, thead")

    assert {width: texts for width, texts in lost.items() if texts} == {}


def test_the_page_prints_on_one_a4_sheet_on_its_side(open_page: Callable[..., Page]) -> None:
    printed = open_page().pdf(prefer_css_page_size=True, print_background=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))
    width, height = map(float, re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)[0])

    assert sheets == 1
    assert (round(width), round(height)) == (842, 595)


def test_paper_is_white_whatever_the_theme_of_the_screen(open_page: Callable[..., Page]) -> None:
    page = open_page(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(24, 32, 43)"


def test_nothing_on_paper_lies_over_its_neighbour(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1069, "height": 740})
    page.emulate_media(media="print")

    assert page.evaluate(CUT_OFF, ".unseen, .short") == []
