"""The pages of the metrics are what the registry and their arguments give."""

import shutil
from pathlib import Path

import pytest

from orchestration import metric_pages

ROW = metric_pages.registry()[0]


def test_the_committed_pages_are_what_the_registry_gives() -> None:
    assert metric_pages.is_generated(), "run `python -m orchestration.metric_pages`"


@pytest.mark.parametrize("file", metric_pages.pages(), ids=lambda file: file.stem)
def test_every_metric_has_an_argument(file: Path) -> None:
    argument = metric_pages.argument_of(file.read_text(encoding="utf-8"))
    assert "**What vendors show.**" in argument
    assert "**What we show.**" in argument
    assert "Since " in argument


def test_writing_anew_keeps_the_argument_and_follows_the_registry(tmp_path: Path) -> None:
    seeds = tmp_path / "dbt_project" / "seeds"
    seeds.mkdir(parents=True)
    shutil.copy(metric_pages.ROOT / "dbt_project" / "seeds" / "metrics.csv", seeds)
    assert metric_pages.generate(tmp_path)
    assert metric_pages.is_generated(tmp_path)

    file = tmp_path / "docs" / "metrics" / "nps.md"
    file.write_text(metric_pages.page(ROW, "Because."), encoding="utf-8")
    registry = seeds / "metrics.csv"
    registry.write_text(registry.read_text().replace("Net Promoter Score,1", "Loyalty,2", 1))
    assert not metric_pages.is_generated(tmp_path)
    assert metric_pages.generate(tmp_path)

    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Loyalty\n")
    assert metric_pages.argument_of(text) == "Because."
    assert not metric_pages.generate(tmp_path)


def test_a_page_of_a_metric_that_is_gone_is_noticed(tmp_path: Path) -> None:
    seeds = tmp_path / "dbt_project" / "seeds"
    seeds.mkdir(parents=True)
    shutil.copy(metric_pages.ROOT / "dbt_project" / "seeds" / "metrics.csv", seeds)
    metric_pages.generate(tmp_path)
    (tmp_path / "docs" / "metrics" / "happiness.md").write_text("# Happiness\n")
    assert not metric_pages.is_generated(tmp_path)
