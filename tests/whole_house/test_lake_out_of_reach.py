"""What a person is told whose lake can not be had: one line, and no success."""

from dataclasses import replace
from pathlib import Path

from storage import Lake
from tests import lakes
from tests.whole_house.conftest import small_sandbox


def test_a_catalog_that_is_not_there_is_one_line_and_no_success(tmp_path: Path) -> None:
    nowhere = Lake("postgresql://ax@127.0.0.1:1/lake", str(tmp_path / "files"))
    done = replace(small_sandbox(tmp_path / "data"), lake=nowhere).ax("load", "files")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(
        "ax: the lake's catalog postgresql://ax@127.0.0.1:1/lake can not be opened"
    )
    assert lakes.SECRET["PGPASSWORD"] not in done.stdout + done.stderr
