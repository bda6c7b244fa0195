"""The pages do what they say: every block of README and docs/ is run, in order, on a published sandbox."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.postgres_server import running
from tests.pages import ROOT, name, run_here, to_run
from tests.whole_house.conftest import small_sandbox
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
SERVER = "postgresql://ax:secret@127.0.0.1:5432/bi"
NAMES = ("ann@example.org", "ben@example.org")
SOMEBODY = (
    "select distinct email from restricted.restricted_persons "
    f"where email is not null order by email limit {len(NAMES)}"
)


def checkout(root: Path) -> Path:
    """Lay a copy of what stands here, with the environment that it needs."""
    copy_of_the_checkout(root)
    for tools in (".venv", ".tools"):
        if (ROOT / tools).exists():
            (root / tools).symlink_to(ROOT / tools)
    (root / ".venv" / ".ready").touch()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A checkout in which a sandbox was published, and its data as they were then."""
    place = tmp_path_factory.mktemp("pages")
    root = checkout(place / "house")
    small_sandbox(root / "data", root)
    type_in("ax run", root)
    shutil.copytree(root / "data", place / "kept", symlinks=True)
    return root, place / "kept"


@pytest.fixture
def house(published: tuple[Path, Path]) -> Path:
    """The checkout and its data as new, at the place where they were published: a house that moved
    would build everything anew.
    """
    root, kept = published
    shutil.rmtree(root)
    (root.parent / "between").unlink(missing_ok=True)
    checkout(root)
    shutil.copytree(kept, root / "data", symlinks=True)
    return root


@pytest.fixture
def here(page: Path, house: Path) -> Iterator[dict[str, str]]:
    """What pages say for example, and what it is in this house."""
    warehouse = house / "data" / "warehouse" / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as db:
        people = db.execute(SOMEBODY).fetchall()
    known = {said: email for said, (email,) in zip(NAMES, people, strict=True)}
    if SERVER in page.read_text(encoding="utf-8"):
        with running() as server:
            yield {**known, SERVER: server.url()}
    else:
        yield known


@pytest.mark.parametrize("page", to_run(), ids=name)
def test_every_block_of_a_page_works(page: Path, house: Path, here: dict[str, str]) -> None:
    for block in run_here(page):
        text = block.text
        for said, known in here.items():
            text = text.replace(said, known)
        if block.file:
            (house / block.file).write_text(text)
        elif block.language == "sql":
            ask(text, house)
        elif block.language == "python":
            type_in(f"python - <<'PYTHON'\n{text}\nPYTHON\n", house)
        else:
            type_in(text, house, fails=block.fails)


def ask(text: str, house: Path) -> None:
    """An example that shows nothing is none."""
    with duckdb.connect(str(house / MARTS), read_only=True) as db:
        assert db.execute(text).fetchall(), f"no rows of\n{text}"


def type_in(text: str, house: Path, *, fails: bool = False) -> None:
    """Run what is typed into a terminal that stands in the house, with nobody to answer it."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AX_", "SOURCES__", "DBT_"))}
    done = subprocess.run(
        [SHELL, "-c", TERMINAL + text],
        cwd=house,
        env={
            **clean,
            "PYTHONPATH": str(house),
            "PATH": f"{house / '.venv' / 'bin'}:{clean['PATH']}",
            "BETWEEN": str(house.parent / "between"),
            "NO_COLOR": "1",
            "COLUMNS": "200",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    print(text, done.stdout, done.stderr, sep="\n")
    assert (done.returncode != 0) is fails, "\n".join(
        (text, done.stdout[-2000:], done.stderr[-2000:])
    )
