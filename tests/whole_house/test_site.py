"""The site as people meet it: every page in a real browser, from a file, by mouse and by keyboard."""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import axe_playwright_python
import duckdb
import pytest
from playwright.sync_api import Browser, Page

from dashboards.errors import UnwritablePage
from dashboards.figures import figure, interval
from dashboards.pages import PAGES
from dashboards.site import write
from tests.browser import HOSTILE, HOUSES, NEEDS_CHROMIUM, chromium
from tests.published_file import AFTER, BEFORE, QUARTER, insert, lively, measured

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = {"preload": False, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 380, "height": 900}, "color_scheme": "dark"},
    {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
]
# A text of a chart or a table that lies outside the page or outside its chart.
CUT_OFF = """() => {
    const edge = document.documentElement.clientWidth + 1, lost = [];
    for (const text of document.querySelectorAll('.chart svg text')) {
        const box = text.getBoundingClientRect(), room = text.ownerSVGElement.getBoundingClientRect();
        if (!text.textContent.trim() || !box.width) continue;
        if (box.left < room.left - 1 || box.right > room.right + 1 || box.bottom > room.bottom + 1
            || box.top < room.top - 1) lost.push(text.textContent);
    }
    if (document.documentElement.scrollWidth > edge) lost.push('the page scrolls sideways');
    return lost;
}"""
PLACE = {"audience": "customer", "journey": "customer", "stage": "get_help",
         "stage_label": "Get help", "position": 3, "phase": "after"}  # fmt: skip
SPAN = {"period_start": QUARTER, "period_end": AFTER}
STAGE_SCORES = (
    ("csat", 0.874, 0.81, 0.92, 118, "ok"), ("ces_top", 0.63, 0.4, 0.8, 19, "low_n"),
    ("nps", None, None, None, None, "suppressed"),
)  # fmt: skip


def busy(file: Path) -> Path:
    """Write the lively house with something for every kind of chart, hostile words in it."""
    lively(file)
    quarters = [date(2024 + at // 4, 1 + 3 * (at % 4), 1) for at in range(8)]
    rows: dict[str, list[dict[str, Any]]] = {
        "pub_metric_values": [
            measured("customer", metric, value + at, low=value + at - 9, high=value + at + 9,
                     n=80 + at, period_start=start, status="low_n" if at == 2 else "ok")
            for at, start in enumerate(quarters)
            for metric, value in (("nps", 12.0), ("first_response_minutes_p50", 130.0))
        ] + [
            measured("customer", metric, value, low=low, high=high, n=n, status=status,
                     segment="journey=customer;stage=get_help")
            for metric, value, low, high, n, status in STAGE_SCORES
        ],
        "pub_audience_flow": [
            {"quarter_start": start, "quarter_end": end, "from_audience": before,
             "to_audience": after, "movement": movement, "people_before": of, "people": people,
             "people_left": left, "share": people / of if people is not None else None,
             "share_low": 0.0, "share_high": 1.0, "status": status, "reason": reason}
            for start, end, before, after, movement, of, people, left, status, reason in (
                (BEFORE, QUARTER, "customer", "customer", "stayed", 2090, 2080, 0, "ok", None),
                (QUARTER, AFTER, "customer", "customer", "stayed", 2140, None, None, "suppressed",
                 "too few people"),
                (QUARTER, AFTER, "lead", "customer", "joined", 90, 31, 20, "ok", None),
                (QUARTER, AFTER, "nowhere", "customer", "arrived", 60, 12, 0, "ok", None),
                (QUARTER, AFTER, "customer", "donor", "joined", 2140, 9, 0, "ok", None),
                (QUARTER, AFTER, "fan", "customer", "joined", None, None, None, "suppressed",
                 "too few people"),
                (QUARTER, AFTER, "dealer", "customer", "joined", None, None, None, "suppressed",
                 "too few people"),
                (QUARTER, AFTER, "customer", "nowhere", "gone", None, None, None, "not_measured",
                 "no source says until when"),
            )
        ],
        "pub_friction": [
            {**PLACE, **SPAN, "kind": kind, "label": label, "seen": seen, "out_of": 117,
             "status": "ok"}
            for kind, label, seen in (
                ("transfer", HOSTILE["markup"], 12), ("reopen", "Came back after it was solved", 6),
                ("repeat_contact", HOSTILE["one long word"], 3),
            )
        ],
        "pub_listening_balance": [
            {**PLACE, **SPAN, "kind": kind, "reach": reach, "low": reach / 2, "high": reach * 1.1,
             "exposed": 117, "responses": 40, "status": "ok"}
            for kind, reach in (("triggered", 0.4), ("always_on", 0.1), ("unsolicited", 0.9))
        ],
        "pub_journey_funnel": [
            {**PLACE, **SPAN, "entered": 55, "conversion": 0.7, "conversion_low": 0.6,
             "conversion_high": 0.8, "conversion_status": "ok", "median_days": 11.0}
        ],
        "pub_journey_gaps": [{**PLACE, "gap": "no target"}],
        "pub_workforce": [
            {**{"quarter_start": QUARTER, "quarter_end": AFTER}, "segment": segment,
             "department": department, "enps": value, "enps_low": -20.0, "enps_high": 60.0,
             "enps_status": "ok" if value is not None else "suppressed"}
            for segment, department, value in (
                ("all", None, 19.0), ("department=a", HOSTILE["right-to-left"], 30.0),
                ("department=b", HOSTILE["200 characters"], None),
            )
        ],
    }  # fmt: skip
    with duckdb.connect(str(file)) as db:
        db.execute("delete from pub_metric_values where metric = 'nps' and audience = 'customer'")
        for table, given in rows.items():
            insert(db, table, given)
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the busy house's file and its site."""
    folder = tmp_path_factory.mktemp("busy")
    write(busy(folder / "marts.duckdb"), folder)
    return folder


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of a folder's site and wait until it is drawn; complaints are kept on it."""
    opened = []

    def opening(folder: Path, name: str, **look: Any) -> Page:
        page = browser.new_page(**look)
        opened.append(page)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
        page.on("request", lambda asked: asked.url.startswith(("file:", "data:"))
                or page.complaints.append(asked.url))  # fmt: skip
        page.goto((folder / "site" / f"{name}.html").as_uri())
        page.wait_for_selector("body[data-ready='1']")
        return page

    yield opening
    for page in opened:
        page.close()


def faults(page: Page) -> list[Any]:
    """Return all that is wrong with a page: complaints, requests, cut texts, axe's findings."""
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")["violations"]
    named = [(each["id"], each["nodes"][0]["html"]) for each in found]
    return [*page.complaints, *page.evaluate(CUT_OFF), *named]


def names(folder: Path) -> list[str]:
    return sorted(file.stem for file in (folder / "site").glob("*.html"))


def test_no_page_has_a_fault_on_any_screen(house: Path, show: Callable[..., Page]) -> None:
    audiences = {"audience-customer", "audience-investor"}
    looked_at = [name for name in names(house) if name in audiences or "audience-" not in name]
    # By turns, for a look costs two seconds; what narrow and dark break is much the same on all.
    found = {name: faults(show(house, name, **LOOKS[at % 2])) for at, name in enumerate(looked_at)}
    found["audience-customer, otherwise"] = faults(
        show(house, "audience-customer", **LOOKS[(looked_at.index("audience-customer") + 1) % 2])
    )

    assert len(looked_at) == len(PAGES) + 4
    assert {page: wrong for page, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("kind", ["empty", *(f"sixty of {kind}" for kind in HOSTILE)])
def test_hostile_and_empty_houses_have_no_fault_either(
    kind: str, tmp_path: Path, show: Callable[..., Page]
) -> None:
    write(HOUSES[kind](tmp_path / "marts.duckdb"), tmp_path)
    pages = ["index", *names(tmp_path)[1:2]]
    found = {name: faults(show(tmp_path, name, **LOOKS[0])) for name in pages}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_each_chart_draws_the_rows_of_its_table(house: Path, show: Callable[..., Page]) -> None:
    page = show(house, "audience-customer", **LOOKS[1])
    drawn = page.evaluate("""() => [...document.querySelectorAll('figure[data-chart]')].map(figure => [
        figure.querySelectorAll('tbody td[data-value]:is([data-low], .number)').length
            && [...figure.querySelectorAll('thead th')].findIndex(head => head.dataset.role === 'value'),
        figure.querySelector('svg').querySelectorAll('.mark-symbol path').length,
        figure.querySelector('.chart').getAttribute('aria-label'),
        [...figure.querySelectorAll('tbody tr')].map(line => [...line.cells].map(cell => cell.dataset.value ?? null)),
    ])""")

    assert len(drawn) >= 4
    for at, points, words, rows in drawn:
        # Each point is drawn twice, as a ring and as what fills it; a legend has points too.
        measured_rows = sum(row[at] is not None for row in rows)
        assert points >= 2 * measured_rows > 0
        assert words


def test_the_numbers_of_a_trend_are_the_published_ones(
    house: Path, show: Callable[..., Page]
) -> None:
    page = show(house, "audience-customer")
    shown = page.evaluate("""() => [...document.querySelectorAll('figure[data-chart^="trend"]')]
        .flatMap(figure => [...figure.querySelectorAll('tbody tr')].map(line => [
            line.querySelector('a').getAttribute('href').split('metric-')[1],
            line.cells[0].dataset.value,
            ...['value', 'low', 'high'].map(end => Number(line.cells[1].dataset[end])),
            line.cells[1].querySelector('bdi').textContent]))""")
    with duckdb.connect(str(house / "marts.duckdb"), read_only=True) as db:
        rows = db.execute("""
            select metric, period_start::varchar, value, low, high, unit
            from pub_metric_values inner join pub_metrics using (metric)
            where audience = 'customer' and segment = 'all'
                and metric in ('nps', 'first_response_minutes_p50')
        """).fetchall()
    published = {
        (*row, f"{figure(row[2], unit)} {interval(row[3], row[4], unit)}") for *row, unit in rows
    }

    assert len(published) == 17
    assert {tuple(row) for row in shown} >= published


def test_the_scores_of_a_stage_are_the_published_ones_and_lead_to_what_they_mean(
    house: Path, show: Callable[..., Page]
) -> None:
    stage = show(house, "audience-customer").locator(".stage", has_text="Get help")
    facts = stage.locator("dl > div:has(a)").evaluate_all(
        "all => all.map(one => [one.querySelector('a').getAttribute('href'), "
        "one.querySelector('dd').innerText])"
    )
    with duckdb.connect(str(house / "marts.duckdb"), read_only=True) as db:
        rows = db.execute("""
            select 'dictionary.html#metric-' || metric, unit, value, low, high, n, status
            from pub_metric_values inner join pub_metrics using (metric)
            where audience = 'customer' and segment = 'journey=customer;stage=get_help'
        """).fetchall()
    published = [
        [link, "hidden: too few people"]
        if value is None
        else [link, f"{figure(value, unit)} {interval(low, high, unit)}, n {n}"
              + (", few answers" if status == "low_n" else "")]
        for link, unit, value, low, high, n, status in rows
    ]  # fmt: skip

    assert len(published) == len(STAGE_SCORES)
    assert all(row in facts for row in published), facts


def test_who_moved_is_told_by_name_and_what_is_hidden_by_how_many(
    house: Path, show: Callable[..., Page]
) -> None:
    page = show(house, "audience-customer")
    panel = page.locator("section.panel", has_text="Where they came from")
    panel.locator("summary").click()
    rows = [
        line.replace("\u00a0", " ").split("\t")[:3]
        for line in panel.locator("tbody").inner_text().splitlines()
    ]
    assert rows == [
        ["Leads", "came from", "31"], ["no audience", "came from", "12"],
        ["others (2)", "came from", "hidden: too few people"],
        ["Donors", "went to", "9"], ["no audience", "went to", "not measured"],
    ]  # fmt: skip


def test_a_hidden_number_is_said_to_be_hidden_and_not_drawn(
    house: Path, show: Callable[..., Page]
) -> None:
    page = show(house, "workforce")
    chart = page.locator("figure[data-chart='bars/score']")

    assert "1 without a number" in chart.inner_text()
    chart.locator("summary").click()
    assert "hidden: too few people" in chart.inner_text()


def test_the_scorecard_is_sorted_and_narrowed_by_keyboard(
    house: Path, show: Callable[..., Page]
) -> None:
    page = show(house, "index")
    firsts = "[...document.querySelectorAll('main tbody tr:not([hidden]) .who')].map(cell => cell.innerText.split('\\n')[0])"
    by_rank = page.evaluate(firsts)
    page.get_by_role("button", name="Audience").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(firsts) == sorted(by_rank, key=str.lower) != by_rank
    page.keyboard.press("Enter")
    assert page.evaluate(firsts) == sorted(by_rank, key=str.lower, reverse=True)
    page.get_by_role("button", name="Outcome").focus()
    page.keyboard.press("Space")
    known = [cell for cell in page.evaluate(
        "[...document.querySelectorAll('main tbody tr .outcome [data-sort]')].map(cell => cell.dataset.sort)"
    )]  # fmt: skip
    numbers = [float(value) for value in known if value]
    assert numbers == sorted(numbers)
    assert known == [*(value for value in known if value), *(value for value in known if not value)]

    page.get_by_label("Show only").focus()
    page.keyboard.type("head of fan")
    assert page.evaluate(firsts) == ["Fans", "Superfans"]
    assert "2 of 36 audiences" in page.locator("main").inner_text()


def test_the_scorecard_of_the_site_prints_on_one_sheet_too(
    house: Path, show: Callable[..., Page]
) -> None:
    printed = show(house, "index").pdf(prefer_css_page_size=True, print_background=True)

    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def test_each_number_leads_to_its_definition_and_its_rows(
    house: Path, show: Callable[..., Page]
) -> None:
    page = show(house, "index")
    page.get_by_role("link", name="Net Promoter Score").first.click()
    page.wait_for_selector("body[data-ready='1']")
    entry = page.locator("#metric-nps")
    assert "promoters 9-10" in entry.inner_text()
    assert page.url.endswith("dictionary.html#metric-nps")
    assert page.locator("#pub_metric_values").count() == 1
    head = show(house, "workforce").locator("th a[href='dictionary.html#metric-enps']")
    assert head.count() > 0


def test_the_kept_publications_are_told_with_what_they_cost(
    tmp_path: Path, show: Callable[..., Page]
) -> None:
    facts = {"id": "20260630T050000Z", "as_of": "2026-06-30T00:00:00+00:00", "rows": {"pub_a": 7},
             "checks": {"passed": 3}, "run_seconds": 150.0}  # fmt: skip
    manifest = tmp_path / "former" / facts["id"] / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(facts))
    write(HOUSES["empty"](tmp_path / "none.duckdb"), tmp_path)
    said = show(tmp_path, "data").locator("main").inner_text()

    assert all(words in said for words in (facts["id"], "2026-06-30 00:00", "3 passed"))
    assert "2\u00a0min" in said


def test_every_link_leads_somewhere(house: Path) -> None:
    for name in names(house):
        html = (house / "site" / f"{name}.html").read_text()
        for target in set(re.findall(r'href="([^"#]+\.html)(#[^"]+)?"', html)):
            file, mark = house / "site" / target[0], target[1]
            assert file.exists(), f"{name} leads to {target[0]}"
            assert not mark or f'id="{mark[1:]}"' in file.read_text(), f"{name} leads to {mark}"


def test_a_site_that_fails_leaves_the_former_one(tmp_path: Path) -> None:
    write(HOUSES["one audience"](tmp_path / "one.duckdb"), tmp_path)
    before = os.readlink(tmp_path / "site")
    (tmp_path / ".site.link").mkdir()  # what stands in the way
    with pytest.raises(UnwritablePage, match="cannot be written"):
        write(HOUSES["empty"](tmp_path / "none.duckdb"), tmp_path)

    assert os.readlink(tmp_path / "site") == before
    assert len(names(tmp_path)) == len(PAGES) + 3


def test_a_new_site_takes_the_place_of_the_former_one(tmp_path: Path) -> None:
    write(HOUSES["one audience"](tmp_path / "one.duckdb"), tmp_path)
    one = os.readlink(tmp_path / "site")
    write(HOUSES["empty"](tmp_path / "none.duckdb"), tmp_path)

    assert os.readlink(tmp_path / "site") != one
    assert not (tmp_path / one).exists()
    assert not [name for name in names(tmp_path) if name.startswith("audience-")]
