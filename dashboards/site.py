"""The site: a folder of pages made of the published file alone, put in place by one rename.

Pages are named after what they show; `index.html` is the scorecard. They open from a file, ask
nobody for anything, and are written anew as a whole, so that no page tells of another publication.
"""

import html
import json
import os
import re
import shutil
import time
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from dashboards import charts, dictionary, journey_map, scorecard
from dashboards.errors import UnreadablePublication, UnwritablePage
from dashboards.figures import counted
from dashboards.lines import label_of, lines_of, owner_of
from dashboards.markup import environment
from dashboards.pages import PAGES, Page
from dashboards.pages.audience import PANELS as AUDIENCE_PANELS
from dashboards.panels import Figure, Panel, answer
from dashboards.published import Audience, Publication, read
from dashboards.scorecard import clock, render
from dashboards.sentences import sentences

HERE = Path(__file__).parent
SITE, SCORECARD = "site", "scorecard.html"
NAVIGATION = (
    ("index", "Scorecard"),
    *((page.name, page.title) for page in PAGES),
    ("dictionary", "Dictionary"),
)
# What the address of an audience's page is called; a key that is no plain word gets a number.
AUDIENCE_PAGES = """
    create temp view pages as
    select audience, coalesce(label, audience) as audience_label, rank, if(
        regexp_full_match(audience, '[a-z0-9_]{1,60}'), audience,
        'nr-' || row_number() over (order by rank nulls last, audience)
    ) as page
    from pub_audiences
"""

CHARTS = re.compile(r'<figure data-chart="([^"]+)"')
# What the manifests of the kept publications say; the published file knows of none but itself.
PUBLICATIONS = """
    create temp table publications (
        id varchar, as_of varchar, rows bigint, checks varchar, code varchar, run_minutes double
    )
"""

Answers = list[tuple[Panel, list[Figure]]]


def write(marts: Path, published: Path) -> dict[str, Any]:
    """Write the scorecard and the site of a published file into `published`; return what is there.

    Keys: bytes (of all pages), pages, seconds, as_of, publication. Raises UnreadablePublication or
    UnwritablePage; the pages that stood there before then still stand.
    """
    start = time.monotonic()
    publication = read(marts)
    scorecard.write(publication, published / SCORECARD)
    try:
        # A name of its own each time: what readers are in is never written into.
        folder = published / f".{SITE}-{time.time_ns()}"
        _make(marts, publication, folder)
        _serve(folder, published / SITE)
    except OSError as failure:
        raise UnwritablePage(published / SITE, failure.strerror or str(failure)) from failure
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {
        "bytes": sum(file.stat().st_size for file in files),
        "pages": sum(file.suffix == ".html" for file in files),
        "seconds": round(time.monotonic() - start, 1),
        "as_of": publication.as_of,
        "publication": publication.fingerprint,
    }


def _make(marts: Path, publication: Publication, folder: Path) -> None:
    """Write every page and what they share into a folder that nobody reads yet."""
    (folder / "assets").mkdir(parents=True)
    styles = [
        (HERE / place).read_text() for place in ("templates/scorecard.css", "assets/site.css")
    ]
    _put(folder / "assets" / "site.css", "\n".join(styles))
    _put(folder / "assets" / "site.js", (HERE / "assets" / "site.js").read_text())
    _put(folder / "assets" / "vega.js", charts.script())
    try:
        with duckdb.connect(str(marts), read_only=True) as db:
            db.execute(AUDIENCE_PAGES)
            db.execute(PUBLICATIONS)
            for each in kept(folder.parent):
                db.execute("insert into publications values (?, ?, ?, ?, ?, ?)", each)
            asked: set[str] = set()
            for name, page in _pages(db, publication):
                _put(folder / f"{name}.html", page)
                asked |= {html.unescape(chart) for chart in CHARTS.findall(page)}
            # Said once for all pages: it would be a tenth of them.
            drawn = {chart: charts.template(chart) for chart in sorted(asked)}
            _put(folder / "assets" / "charts.js", f"const chartTemplates = {json.dumps(drawn)};\n")
    except duckdb.Error as failure:
        raise UnreadablePublication(marts, str(failure)) from failure


def _put(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as open_file:
        open_file.write(text)
        open_file.flush()
        os.fsync(open_file.fileno())


def kept(published: Path) -> list[tuple[Any, ...]]:
    """Return id, as_of, rows, checks, code and minutes of the run of each kept publication."""
    files = sorted(published.glob("former/*/manifest.json"), reverse=True)
    told = [json.loads(file.read_text()) for file in files]
    return [
        (
            each["id"],
            each["as_of"][:16].replace("T", " "),
            sum(each["rows"].values()),
            ", ".join(f"{count} {how}" for how, count in each.get("checks", {}).items()),
            each.get("code"),
            each["run_seconds"] / 60 if each.get("run_seconds") else None,
        )
        for each in told
    ]


def _pages(db: duckdb.DuckDBPyConnection, publication: Publication) -> chain[tuple[str, str]]:
    names = dict(db.execute("select audience, page from pages").fetchall())
    return chain(
        [("index", _scorecard(publication, names))],
        ((page.name, _page(db, publication, page)) for page in PAGES),
        (
            (f"audience-{names[who.audience]}", _audience(db, publication, who))
            for who in publication.audiences
        ),
        [("dictionary", _dictionary(db, publication))],
    )


def _scorecard(publication: Publication, names: dict[str, str]) -> str:
    said = sentences(publication)
    return render(publication, lines_of(publication), said, nav=NAVIGATION, pages=names)


def _page(db: duckdb.DuckDBPyConnection, publication: Publication, page: Page) -> str:
    panels = [(panel, answer(db, panel)) for panel in page.panels]
    return _rendered(
        "site.html.j2", publication, page.title, page.name, panels, question=page.question
    )


def _audience(db: duckdb.DuckDBPyConnection, publication: Publication, who: Audience) -> str:
    panels = [(panel, answer(db, panel, audience=who.audience)) for panel in AUDIENCE_PANELS]
    return _rendered(
        "audience.html.j2",
        publication,
        label_of(who),
        None,
        panels,
        question="",
        tiles=_tiles(publication, who),
        journeys=journey_map.journeys(db, who.audience),
        map_sources=journey_map.SOURCES,
    )


def _dictionary(db: duckdb.DuckDBPyConnection, publication: Publication) -> str:
    return _rendered(
        "dictionary.html.j2",
        publication,
        "Dictionary",
        "dictionary",
        [],
        question="What each number means, and what each published column holds.",
        metrics=dictionary.metrics(db),
        metric_facts=dictionary.METRIC_FACTS,
        tables=dictionary.tables(db),
    )


def _tiles(publication: Publication, who: Audience) -> list[tuple[str, str, bool]]:
    """Return what is known of an audience at a glance: label, words, and whether it is a gap."""
    coverage = publication.coverage.get(who.audience)
    owner = owner_of(who)
    tiles = [
        ("Owner", owner or ("vacant" if who.owner_role else "nobody"), owner is None),
        ("People", counted(who.persons, "person", "people") if who.persons else "unknown", False),
        ("Family", who.family or "none", False),
        ("Rank", str(who.rank) if who.rank is not None else "none", False),
    ]
    if coverage and coverage.declared is not None:
        shares = f"{coverage.declared:.0%} declared, {coverage.evidenced or 0:.0%} evidenced"
        tiles.append(("Coverage of its journey", shares, False))
    return tiles


def _rendered(
    template: str,
    publication: Publication,
    title: str,
    here: str | None,
    panels: Answers,
    **more: Any,
) -> str:
    return (
        environment()
        .get_template(template)
        .render(
            title=title,
            nav=NAVIGATION,
            here=here,
            clock=clock(publication.as_of),
            fingerprint=publication.fingerprint,
            panels=panels,
            # A column that is called as a metric leads to its definition.
            defined={*publication.metrics},
            has_charts=any(figure.chart for _, found in panels for figure in found),
            **more,
        )
    )


def _serve(folder: Path, site: Path) -> None:
    """Let the site's one name lead to a folder; what it led to before goes."""
    aside = site.with_name(f".{SITE}.link")
    with suppress(FileNotFoundError):
        aside.unlink()
    aside.symlink_to(folder.name)
    os.replace(aside, site)
    for former in site.parent.glob(f".{SITE}-*"):
        if former != folder:
            shutil.rmtree(former, ignore_errors=True)
