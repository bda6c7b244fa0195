"""`ax quarantine` and `ax status SOURCE` as a person uses them."""

import json
from datetime import UTC, datetime

import pytest

import ingestion.connector
from ingestion.pipeline import Landing, load
from orchestration import cli
from orchestration.commands import quarantine, status
from tests.unit.orchestration.toys import row, toy

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
ROWS = [
    *(row(number) for number in range(11, 15)),
    {**row(10), "tip": 5},
    {**row(1, "odd"), "at": "yesterday"},
]


@pytest.fixture
def known(current, monkeypatch):
    """A warehouse into which a toy vendor sent five good rows and one that did not fit."""
    connector = toy("files", lambda: ROWS)
    monkeypatch.setattr(ingestion.connector, "discover", lambda: {"files": connector})
    for module in (quarantine, status):
        monkeypatch.setattr(module, "settings", lambda: current)
    monkeypatch.setattr(quarantine, "clock", lambda _: AS_OF)
    landing = Landing(current.warehouse, current.work, AS_OF)
    assert load(connector, landing, lambda *_: []).problem is None
    return current


@pytest.fixture
def ax(known, monkeypatch, capfd):
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["ax", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_a_row_is_listed_shown_mended_and_replayed(ax, tmp_path) -> None:
    code, listed, _ = ax("quarantine", "list")
    assert code == 0
    assert "files: 1 rows wait" in listed
    assert "at is not a timestamp: 'yesterday'" in listed
    name = next(line for line in listed.splitlines() if "yesterday" in line).split()[0]

    _, shown, why = ax("quarantine", "show", "files", name)
    record = json.loads(shown)
    assert "things 1: at is not a timestamp" in why
    mended = tmp_path / "row.json"
    mended.write_text(json.dumps({**record, "at": "2026-06-01T10:00:00Z"}))

    code, said, problem = ax("quarantine", "replay", "files")
    assert code == 1
    assert "0 rows went in" in said
    assert "1 rows of files still wait" in problem

    code, said, _ = ax("quarantine", "replay", "files", name, "--with", str(mended))
    assert code == 0
    assert "1 rows went in" in said
    assert "nothing waits in quarantine" in ax("quarantine", "list", "files")[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("{", "can not be read"), ("[]", "holds no JSON object"), (None, "can not be read")],
)
def test_a_record_that_is_none_is_said_and_nothing_changes(ax, tmp_path, text, sentence) -> None:
    file = tmp_path / "row.json"
    if text is not None:
        file.write_text(text)

    code, _, said = ax("quarantine", "replay", "files", "--with", str(file))

    assert code == 1
    assert said.startswith("ax: ")
    assert sentence in said
    assert "1 rows wait" in ax("quarantine", "list")[1]


def test_a_source_that_is_none_is_said(ax) -> None:
    assert "names nosuch" in ax("quarantine", "list", "nosuch")[2]
    assert "names nosuch" in ax("status", "nosuch")[2]


def test_status_of_a_source_counts_every_row_once_and_names_what_is_undeclared(ax) -> None:
    code, said, _ = ax("status", "files")

    assert code == 0
    assert "things" in said
    figures = next(line for line in said.splitlines() if line.startswith("things ")).split()[1:7]
    assert figures == ["6", "5", "0", "0", "0", "1"]
    assert "things also sends, undeclared and dropped: tip" in said
