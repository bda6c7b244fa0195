"""`ax source check` says of each table what became of it, to people and to programs."""

import json

import pytest
import typer

from orchestration.commands import source
from tests.unit.orchestration.toys import row, toy


@pytest.fixture
def checked(current, monkeypatch, capfd):
    """Check a toy vendor that gives these rows; return its exit code and what was printed."""
    monkeypatch.setattr(source, "settings", lambda: current)

    def check(rows, as_json):
        monkeypatch.setattr(source, "known", lambda name: toy(name, rows))
        code = 0
        try:
            source.check("toy", as_json)
        except typer.Exit as ended:
            code = ended.exit_code
        return code, capfd.readouterr().out

    return check


def broken():
    raise ConnectionError("nobody is there")


def test_a_table_that_can_be_read_is_told_both_ways(checked) -> None:
    assert checked(lambda: [row(1)], False) == (0, "things: readable\n")
    code, said = checked(lambda: [row(1)], True)
    assert code == 0
    assert json.loads(said) == [{"table": "things", "has_rows": True, "problem": None}]


def test_a_table_that_can_not_is_a_problem_and_an_exit_code(checked) -> None:
    code, said = checked(broken, True)
    [table] = json.loads(said)
    assert code == 1
    assert table["problem"]
    assert not table["has_rows"]
