"""The pages do what they say: every block of README and docs/ is run, in order, on a published sandbox."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.postgres_server import running
from tests.pages import ROOT, Block, name, run_here, to_run
from tests.whole_house.conftest import House
from tests.whole_house.new_vendor import copy_of_the_checkout

pytestmark = pytest.mark.proof
SHELL = shutil.which("bash") or "bash"
# Variables and folder go from block to block, as they do in a terminal.
TERMINAL = """
[ ! -e "$BETWEEN" ] || { . "$BETWEEN"; cd "$PWD"; }
trap 'export -p > "$BETWEEN"' EXIT
set -eo pipefail
"""
MARTS = "data/published/marts.duckdb"


@pytest.fixture
def house(undisturbed: House, tmp_path: Path) -> Path:
    """A checkout of what stands here, with the data of a published sandbox."""
    root = copy_of_the_checkout(tmp_path / "house")
    for tools in (".venv", ".tools"):
        if (ROOT / tools).exists():
            (root / tools).symlink_to(ROOT / tools)
    (root / ".venv" / ".ready").touch()
    shutil.copytree(undisturbed.data, root / "data", symlinks=True)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


@pytest.fixture
def said_for(request: pytest.FixtureRequest, undisturbed: House) -> Iterator[dict[str, str]]:
    """What pages say for example, and what it is in this house."""
    people = undisturbed.warehouse(
        "select distinct email from restricted.restricted_persons where email is not null "
        "order by email limit 2"
    )
    names = ("ann@example.org", "ben@example.org")
    found = {said: email for said, (email,) in zip(names, people, strict=True)}
    if (
        "postgresql://ax:secret@127.0.0.1:5432/bi"
        not in request.getfixturevalue("page").read_text()
    ):
        yield found
        return
    with running() as server:
        yield {**found, "postgresql://ax:secret@127.0.0.1:5432/bi": server.url()}


@pytest.mark.parametrize("page", to_run(), ids=name)
def test_every_block_of_a_page_works(page: Path, house: Path, said_for: dict[str, str]) -> None:
    for block in run_here(page):
        text = block.text
        for said, here in said_for.items():
            text = text.replace(said, here)
        if block.file:
            (house / block.file).write_text(text)
        elif block.language == "sql":
            ask(text, house)
        else:
            run(block, text, house)


def ask(text: str, house: Path) -> None:
    """An example that shows nothing is none."""
    with duckdb.connect(str(house / MARTS), read_only=True) as db:
        assert db.execute(text).fetchall(), f"no rows of\n{text}"


def run(block: Block, text: str, house: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AX_", "SOURCES__", "DBT_"))}
    program = [SHELL, "-c", TERMINAL + text] if block.language == "sh" else [sys.executable, "-"]
    done = subprocess.run(
        program,
        cwd=house,
        env={
            **clean,
            "PYTHONPATH": str(house),
            "PATH": f"{house / '.venv' / 'bin'}:{clean['PATH']}",
            "BETWEEN": str(house.parent / "between"),
            "NO_COLOR": "1",
            "COLUMNS": "200",
        },
        input="" if block.language == "sh" else text,
        capture_output=True,
        text=True,
    )
    print(text, done.stdout, done.stderr, sep="\n")
    assert (done.returncode != 0) is block.fails, (
        f"{text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    )
