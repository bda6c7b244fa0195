"""A file with texts and their labels, as docs/mappings.md shows it, to where metrics look for labels."""

import shutil
import subprocess
from pathlib import Path

import pytest

from orchestration.project import DBT
from tests.pages import blocks
from tests.whole_house.conftest import ROOT, House

pytestmark = pytest.mark.slow
CONTRACTS = ("feedback_turns", "feedback_labels")


@pytest.fixture(scope="module")
def labelled(built: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The built house after a load of the page's file; the models that read it built anew."""
    data = tmp_path_factory.mktemp("labelled") / "data"
    shutil.copytree(built.data, data, symlinks=True)
    for block in blocks(ROOT / "docs" / "mappings.md"):
        if block.file:
            file = data / Path(block.file).relative_to("data")
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.text)
    house = House(data)
    house.green("load", "files")
    slices = [f"{part}files__{contract}" for contract in CONTRACTS for part in ("stg_", "")]
    done = subprocess.run(
        [DBT, "--quiet", "build", "--select", *slices, *CONTRACTS, "int_feedback_labels"],
        cwd=ROOT / "dbt_project",
        env=house.environment | {"DBT_TARGET_PATH": str(data / "t"), "DBT_LOG_PATH": str(data)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return house


def test_labels_of_a_file_reach_the_texts_of_that_file(labelled: House) -> None:
    assert labelled.warehouse(
        """
        select turns.source_record_id, turns.stars, labels.label_kind, labels.label, labels.score
        from intermediate.int_feedback_labels as labels
        inner join contracts.feedback_turns as turns using (turn_id)
        where labels.labeller = 'reviewdesk' order by 1
        """
    ) == [
        ("reviews:1", 1, "sentiment", "negative", 0.93),
        ("reviews:2", 5, "sentiment", "positive", 0.88),
    ]


def test_a_labeller_that_was_not_measured_is_shown_and_not_believed(labelled: House) -> None:
    assert labelled.warehouse(
        "select distinct labeller_version, language, macro_f1, is_measured "
        "from intermediate.int_feedback_labels where labeller = 'reviewdesk'"
    ) == [("2026", "en", None, False)]


def test_a_percentage_is_no_score_and_is_set_aside(labelled: House) -> None:
    assert labelled.warehouse(
        "select reason from raw_files.quarantine where source_table = 'feedback_labels'"
    ) == [("score is not between 0 and 1: '93'",)]
    assert labelled.warehouse(
        "select count(*), count(turn_id) filter (where turn_id = 'files:reviews:4') "
        "from contracts.feedback_turns where starts_with(turn_id, 'files:reviews:')"
    ) == [(4, 1)]
