"""Who reads what leaves: every published model has a reader, and the page reads what it says."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards import journey_map
from dashboards.pages import PAGES
from dashboards.pages.audience import PANELS as AUDIENCE_PANELS
from dashboards.panels import Panel

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "dbt_project" / "models" / "semantic" / "exposures.yml"
EXPOSURES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["exposures"]
PUBLISHED = {file.stem for file in (ROOT / "dbt_project" / "models" / "published").glob("*.sql")}


def read_by(exposure: dict[str, Any]) -> set[str]:
    return {name for ref in exposure["depends_on"] for name in re.findall(r"ref\('(\w+)'\)", ref)}


def test_every_published_model_has_a_reader() -> None:
    unread = PUBLISHED - {model for exposure in EXPOSURES for model in read_by(exposure)}
    assert unread == set(), f"say who reads it in {FILE.relative_to(ROOT)}"


@pytest.mark.parametrize("exposure", EXPOSURES, ids=lambda exposure: exposure["name"])
def test_readers_read_published_models_alone_and_can_be_reached(exposure: dict[str, Any]) -> None:
    assert read_by(exposure) <= PUBLISHED
    assert exposure["owner"]["name"]
    assert exposure["owner"]["email"].endswith("@example.org")
    assert exposure["description"]


def sources(panels: Iterable[Panel]) -> set[str]:
    return {source for panel in panels for source in panel.sources}


def test_each_page_of_the_site_reads_what_its_exposure_says() -> None:
    scorecard = (ROOT / "dashboards" / "published.py").read_text()
    tiles = {"pub_audiences", "pub_audience_coverage"}
    pages = {
        "site_index": set(re.findall(r"\bpub_\w+", scorecard)),
        "site_audience": sources(AUDIENCE_PANELS) | {*journey_map.SOURCES} | tiles,
        "site_dictionary": {"pub_metrics"},
        **{f"site_{page.name}": sources(page.panels) for page in PAGES},
    }
    dashboards = [exposure for exposure in EXPOSURES if exposure["type"] == "dashboard"]

    assert {exposure["name"]: read_by(exposure) for exposure in dashboards} == pages


def test_the_explorer_reads_what_its_exposure_says() -> None:
    code = (ROOT / "dashboards" / "explorer.py").read_text()
    [exposure] = [exposure for exposure in EXPOSURES if exposure["name"] == "explorer"]

    assert read_by(exposure) == set(re.findall(r"\bpub_\w+", code))


@pytest.mark.parametrize(
    "panel",
    [*AUDIENCE_PANELS, *(panel for page in PAGES for panel in page.panels)],
    ids=lambda panel: panel.title,
)
def test_a_panel_names_the_models_that_its_query_reads(panel: Panel) -> None:
    read = set(re.findall(r"\bpub_\w+", panel.query))
    # The names of the audiences and their pages are a view of the registry of audiences.
    read |= {"pub_audiences"} if "join pages" in panel.query else set()

    assert {*panel.sources} == read


def test_the_map_names_the_models_that_it_reads() -> None:
    code = (ROOT / "dashboards" / "journey_map.py").read_text()
    assert {*journey_map.SOURCES} == set(re.findall(r"\bpub_\w+", code))
