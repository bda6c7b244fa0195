"""`ax label` as a person uses it: the commands of docs/labels.md, and what can go wrong."""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from labelling import registry
from orchestration import cli
from orchestration.commands import label
from orchestration.settings import ROOT
from tests.unit.labelling.conftest import empty, write
from tests.unit.labelling.conftest import label as read_texts

PAGE = (ROOT / "docs" / "labels.md").read_text(encoding="utf-8")
PROGRAMS = dict(re.findall(r"`(\w+\.py)`:\n\n```python\n(.*?)```", PAGE, re.DOTALL))
MINE = ["--labeller", "mine", "--version", "1"]
ROWS = "labeller,version,label_kind,language,labels,macro_f1,n,measured_on\n"


class Said(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def known(current, monkeypatch, tmp_path):
    """A warehouse with two texts, and a registry that knows the labeller `mine`."""
    current.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(current.warehouse)) as db:
        empty(db)
        write(
            db,
            {"turn_id": "a", "body": "The soup was cold"},
            {"turn_id": "b", "body": "I love the bread here"},
            {"turn_id": "c", "body": "My boss", "instrument": "employee_pulse"},
        )
    read_texts(current.warehouse, current.languages)
    monkeypatch.chdir(tmp_path)
    for name, text in PROGRAMS.items():
        (tmp_path / name).write_text(text)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("instruments.csv", "topic_rules.csv"):
        (seeds / name).write_bytes((registry.SEEDS / name).read_bytes())
    (seeds / "labellers.csv").write_text(ROWS + "mine,1,topic,en,food|seats,,,\n")
    monkeypatch.setattr(registry.labellers, "__defaults__", (seeds,))
    return current


@pytest.fixture
def ax(current, monkeypatch, capfd):
    """Run `ax label ...` in the data folder of this test, in this process."""
    monkeypatch.setattr(label, "settings", lambda: current)
    monkeypatch.setattr("orchestration.settings.settings", lambda: current)

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["ax", "label", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Said(int(ended.value.code or 0), *capfd.readouterr())

    return run


def kept(current) -> list[tuple]:
    with duckdb.connect(str(current.warehouse)) as db:
        return db.execute(
            "select turn_id, label from labels.turn_labels where labeller = 'mine' order by all"
        ).fetchall()


def program(text: str) -> list[str]:
    Path("program.py").write_text(text)
    return [*MINE, "--", sys.executable, "program.py"]


def test_the_program_of_the_page_labels_what_it_has_not_read(ax, known) -> None:
    said = ax("run", *MINE, "--", sys.executable, "mine.py")
    assert (said.returncode, said.stderr) == (0, "")
    assert "1 labels of 1 turns were taken, 1 texts have none" in said.stdout
    assert kept(known) == [("a", "food")]
    assert "has read every text" in ax("run", *MINE, "--", sys.executable, "mine.py").stdout
    said = ax("run", "--protected", *MINE, "--", sys.executable, "mine.py")
    assert "0 labels of 0 turns were taken, 1 texts have none" in said.stdout


def test_the_two_steps_of_the_page_do_the_same(ax, known) -> None:
    assert "2 texts are in texts.parquet" in ax("export", "texts.parquet").stdout
    subprocess.run([sys.executable, "mine.py", "texts.parquet", "labels.parquet"], check=True)
    assert "1 labels of 1 turns" in ax("import", "labels.parquet", *MINE).stdout
    assert kept(known) == [("a", "food")]
    assert "1 labels are forgotten" in ax("drop", *MINE).stdout
    assert kept(known) == []


def test_every_command_of_the_page_is_one() -> None:
    told = set(re.findall(r"^ax label (\w+)", PAGE, re.MULTILINE))
    assert told == {command.name for command in label.app.registered_commands}


def test_training_says_how_well_it_does_and_the_run_uses_it(ax, known) -> None:
    subprocess.run([sys.executable, "labelled.py"], check=True)
    said = ax("train", "labelled.parquet", "--labeller", "rooms", "--version", "1")
    assert said.returncode == 0, said.stderr
    assert (known.labellers / "rooms-1.npz").exists()
    assert re.search(
        r"^rooms,1,topic,en,food\|seats,[01]\.\d{3},20,labelled.parquet", said.stdout, re.M
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import sys; sys.exit(3)", "ended with exit code 3"),
        ("pass", "wrote no labels.parquet"),
        ("import sys; open(sys.argv[2], 'w').write('x')", "can not be read as Parquet"),
    ],
)
def test_a_program_that_fails_changes_nothing(ax, known, text, sentence) -> None:
    said = ax("run", *program(text))
    assert said.returncode == 1
    assert sentence in said.stderr
    assert said.stderr.count("\n") == 1
    assert kept(known) == []


def test_what_a_program_wrote_is_kept_when_it_can_not_be_taken(ax, known) -> None:
    said = ax("run", *program(
        "import duckdb, sys\n"
        "duckdb.sql(\"select 'a' as turn_id, 'topic' as label_kind, 'noise' as label\")"
        ".write_parquet(sys.argv[2])"
    ))  # fmt: skip
    assert said.returncode == 1
    assert "topic labels that labellers.csv does not name (turn a, label noise)" in said.stderr
    refused = known.data / "labels" / "refused-mine-1.parquet"
    assert str(refused) in said.stderr
    assert duckdb.sql(f"select label from '{refused}'").fetchall() == [("noise",)]
    assert ax("import", str(refused), *MINE).returncode == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", *MINE, "--", "no-such-program"], "can not be started"),
        (["run", "--labeller", "x", "--version", "1", "--", "true"], "labellers.csv knows no x"),
        (["import", "gone.parquet", *MINE], "there is no gone.parquet"),
        (["export", "texts.csv"], "does not end in .parquet"),
        (["export", "nowhere/texts.parquet"], "nowhere is no folder"),
        (["drop", *MINE], "labelled nothing"),
        (["train", "gone.parquet", *MINE], "can not be read as Parquet"),
    ],
)
def test_what_can_not_be_done_is_one_sentence(ax, known, words, sentence) -> None:
    said = ax(*words)
    assert said.returncode == 1
    assert sentence in said.stderr
    assert said.stderr.count("\n") == 1


def test_without_a_warehouse_it_says_what_to_do(ax, current, tmp_path) -> None:
    said = ax("export", str(tmp_path / "texts.parquet"))
    assert said.returncode == 1
    assert "`ax run` loads the sources first" in said.stderr


def test_no_other_command_waits_for_what_labelling_needs() -> None:
    asked = (
        "import sys, orchestration.cli, orchestration.jobs; "
        "print({'sklearn', 'vaderSentiment', 'py3langid'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
