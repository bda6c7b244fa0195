"""`ax audiences init` asks for the audiences that matter most and writes the registry."""

import csv
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.commands import audiences
from orchestration.settings import Settings, read

ANSWERS = [
    "fans", "fan",  # a slip, and what was meant
    "Head of Fans", "fan", "fan_nps",
    "employee", "", "", "employee_pulse",
    "",
]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the registries, which the command takes for the project's."""
    current = read({"AX_DATA_DIR": str(tmp_path / "data")})
    folder = tmp_path / "dbt_project"
    shutil.copytree(current.project / "seeds", folder / "seeds")
    monkeypatch.setattr(Settings, "project", property(lambda _: folder))
    return folder


def registry(project: Path) -> dict[str, dict[str, str]]:
    with (project / "seeds" / "audiences.csv").open(newline="") as lines:
        return {row["audience"]: row for row in csv.DictReader(lines)}


def answered(*lines: str):
    return CliRunner().invoke(app, ["audiences", "init"], input="\n".join(lines) + "\n")


def test_the_audiences_named_come_first_with_what_was_said_of_them(project: Path, capfd) -> None:
    before = registry(project)
    done = answered(*ANSWERS, "y")
    assert done.exit_code == 0, done.output
    assert "fans is not known" in capfd.readouterr().out

    after = registry(project)
    assert set(after) == set(before)
    assert list(after)[:2] == ["fan", "employee"]
    assert sorted(int(row["rank"]) for row in after.values()) == [*range(1, len(before) + 1)]
    fan, employee = after["fan"], after["employee"]
    said = ("owner_role", "journey", "instrument", "target")
    assert [fan[name] for name in said] == ["Head of Fans", "fan", "fan_nps", ""]
    assert [employee[name] for name in said] == ["", "", "employee_pulse", ""]
    assert fan["minimum_group"] == before["fan"]["minimum_group"]
    assert {row["owner_role"] for name, row in after.items() if name != "fan"} == {""}


@pytest.mark.parametrize("lines", [[*ANSWERS, "n"], [""]])
def test_without_a_yes_nothing_is_written(project: Path, lines: list[str], capfd) -> None:
    before = (project / "seeds" / "audiences.csv").read_bytes()
    done = answered(*lines)
    assert done.exit_code == 0
    assert "nothing was written" in capfd.readouterr().out
    assert (project / "seeds" / "audiences.csv").read_bytes() == before


def test_a_full_disk_leaves_the_registry_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = project / "seeds" / "audiences.csv"
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        audiences.write(file, list(registry(project).values())[:1])
    assert file.read_bytes() == before
