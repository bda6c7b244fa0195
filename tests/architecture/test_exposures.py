"""Who reads what leaves: every published model has a reader, and the page reads what it says."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

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


def test_the_page_reads_what_its_exposure_says() -> None:
    code = "".join(file.read_text() for file in (ROOT / "dashboards").glob("*.py"))
    [page] = [exposure for exposure in EXPOSURES if exposure["name"] == "scorecard_page"]
    assert read_by(page) == set(re.findall(r"\bpub_\w+", code))
