"""The pages of the house and the blocks of code in them; what of it is run, and what can not be here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

# A block is run by its language, or is data that is shown.
RUN, SHOWN = ("sh", "python", "sql"), ("yaml", "json", "csv", "nginx", "text", "console", "jinja")
# After a line that ends in "`people.csv`:" a block is that file.
BLOCK = re.compile(
    r"(?:`(?P<file>[\w./-]+)`:\n\n)?"
    r"^(?P<indent> *)```(?P<language>\w*)(?P<fails> fails)?\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)

# Pages that a test of their own runs, because it looks at more than whether a command works.
BY_ITS_OWN_TEST = {
    "docs/tour.md": "tests/proof/test_tour.py",
    "docs/semantic-layer.md": "tests/whole_house/test_semantic_layer_page.py",
}

# What is not run: how its line begins, and why.
NOT_HERE = {
    ("README.md", "make test"): "runs this very suite",
    ("docs/add-an-audience.md", "ax audiences init"): "asks; test_audiences.py answers",
    ("docs/bi.md", "uv sync"): "changes the environment that the tests run in; `make setup` did it",
    ("docs/closed-loop.md", "ax actions --post"): "needs a webhook; test_actions.py is one",
    (
        "docs/connect-your-own.md",
        "export SOURCES__BOXOFFICE__",
    ): "belongs to an account at a vendor",
    ("docs/connect-your-own.md", ".venv/bin/ax source check"): "needs an account at a vendor",
    ("docs/connect-your-own.md", ".venv/bin/ax quarantine"): "needs a row that does not fit; "
    "test_quarantine_commands.py has some",
    ("docs/explore.md", "uv sync"): "changes the environment; `make setup` did it",
    (
        "docs/explore.md",
        "ax explore",
    ): "serves until it is stopped; test_explorer_page.py starts it",
    ("docs/sandbox.md", "python -m ingestion.sandbox.server"): "serves until it is stopped",
    ("docs/security.md", "make audit"): "asks a server of advisories",
    ("docs/security.md", "grype"): "is another's program, with a database of its own",
    (
        "docs/serving.md",
        ".venv/bin/dagster-",
    ): "serves until it is stopped; test_loopback.py starts it",
    ("docs/serving.md", "oauth2-proxy"): "needs a provider of identities",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Code in a page: its language, whether it is said to fail, and the file that it is."""

    language: str
    fails: bool
    text: str
    file: str | None


def name(page: Path) -> str:
    """Return a page by its path in the project."""
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page in order, as they stand there."""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        text = re.sub(f"^{found['indent']}", "", found["text"], flags=re.MULTILINE)
        yield Block(found["language"], bool(found["fails"]), text, found["file"])


def run_here(page: Path) -> list[Block]:
    """Return what of a page is written and run here: without the lines of NOT_HERE."""
    taken = [start for of, start in NOT_HERE if of == name(page)]
    return [
        Block(block.language, block.fails, text, block.file)
        for block in blocks(page)
        if (block.file or block.language in RUN) and (text := without(block.text, taken)).strip()
    ]


def without(text: str, starts: list[str]) -> str:
    """Leave out the lines that begin so, with what continues them."""
    for start in starts:
        text = re.sub(rf"^{re.escape(start)}(?:[^\n]*\\\n)*[^\n]*\n", "", text, flags=re.MULTILINE)
    return text


def to_run() -> list[Path]:
    """Return the pages that have something to run and no test of their own."""
    others = [page for page in PAGES if name(page) not in BY_ITS_OWN_TEST]
    return [page for page in others if any(not block.file for block in run_here(page))]
