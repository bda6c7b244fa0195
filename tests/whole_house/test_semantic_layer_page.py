"""docs/semantic-layer.md does what it says, reads only, and asks nobody outside."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from csv import DictReader
from pathlib import Path

import duckdb
import pytest

from tests.pages import blocks
from tests.whole_house.conftest import ROOT, House

BLOCKS = [(block.fails, block.text) for block in blocks(ROOT / "docs" / "semantic-layer.md")]
# Started by every Python of a block: a look-up of a host is written down and refused.
NOBODY_OUTSIDE = """
import socket, sys
there = socket.getaddrinfo
def here(host, *rest, **more):
    if host in ("127.0.0.1", "::1", "localhost", None):
        return there(host, *rest, **more)
    with open({asked!r}, "a") as file:
        print(host, sys.argv, file=file)
    raise socket.gaierror("nobody is asked")
socket.getaddrinfo = here
"""


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose sitecustomize keeps every Python at home; `asked` is what it would have asked."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "sitecustomize.py").write_text(NOBODY_OUTSIDE.format(asked=str(folder / "asked")))
    return folder


@pytest.fixture
def read_elsewhere(built: House) -> Iterator[None]:
    """Somebody else reads the warehouse: who would write to it is refused."""
    with duckdb.connect(str(built.data / "warehouse" / "warehouse.duckdb"), read_only=True):
        yield


def run(text: str, built: House, outside: Path) -> "subprocess.CompletedProcess[str]":
    shell = shutil.which("bash")
    assert shell
    return subprocess.run(
        [shell, "-e", "-c", 'ax() { .venv/bin/python -m orchestration "$@"; }\n' + text],
        cwd=ROOT,
        env={
            **built.environment,
            "PYTHONPATH": os.pathsep.join([str(outside), str(ROOT)]),
            # Where a checker of versions would keep what it was told, and then not ask again.
            "TMPDIR": str(outside),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.proof
@pytest.mark.parametrize(
    ("fails", "text"), BLOCKS, ids=[text.splitlines()[-1][:50] for _, text in BLOCKS]
)
def test_a_block_does_what_it_says(
    fails: bool, text: str, built: House, outside: Path, request: pytest.FixtureRequest
) -> None:
    if "../.venv/bin/mf" not in text:
        request.getfixturevalue("read_elsewhere")
    done = run(text, built, outside)
    told = done.stdout + done.stderr
    assert (done.returncode != 0) is fails, told[-3000:]
    if fails:
        assert "does not match any of the available group-by-items" in told
    elif "query" in text and "--explain" not in text:
        assert "empty result set" not in told
    assert not (outside / "asked").exists(), (outside / "asked").read_text()


def test_the_page_has_its_blocks() -> None:
    assert len(BLOCKS) >= 9
    assert any("../.venv/bin/mf query" in text for _, text in BLOCKS)


def test_what_a_terminal_gets_is_what_is_published(
    built: House, outside: Path, tmp_path: Path
) -> None:
    csv = tmp_path / "nps.csv"
    done = run(
        f"ax mf query --metrics nps --group-by metric_time__quarter,audience,segment --csv {csv}",
        built,
        outside,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert not (outside / "asked").exists(), (outside / "asked").read_text()
    with csv.open(encoding="utf-8") as lines:
        asked = {
            (row["audience"], row["segment"], row["metric_time__quarter"][:10]): row["nps"]
            for row in DictReader(lines)
        }
    published = built.published(
        "select audience, segment, cast(period_start as varchar), value from pub_metric_values "
        "where metric = 'nps' and period_kind = 'quarter' and value is not null"
    )
    assert len(published) > 5
    for *cell, value in published:
        assert float(asked[tuple(cell)]) == pytest.approx(value, rel=1e-9)
