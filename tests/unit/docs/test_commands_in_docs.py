"""Every `ax` command that a page names exists, with the options that it names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from orchestration.cli import app

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"```\w*[^\n]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
COMMAND = re.compile(r"(?:^\s*|[;&|$(]\s*|\.venv/bin/)ax ([a-z][^\n|;&)#]*)", re.MULTILINE)
# Handed on as they are to MetricFlow.
FOREIGN = {"mf"}


def named(page: Path) -> Iterator[list[str]]:
    """Yield the words of each command in a page's code."""
    for block, word in CODE.findall(page.read_text(encoding="utf-8")):
        for found in COMMAND.findall(block or word):
            yield found.split()


def wrong(words: list[str], command: Any) -> str | None:
    """Return what is wrong with a command's words; None where nothing is."""
    for at, word in enumerate(words):
        if word in FOREIGN:
            return None
        if not hasattr(command, "commands"):
            known = {option for given in command.params for option in given.opts} | {"--help"}
            own = words[at : words.index("--")] if "--" in words else words[at:]
            asked = {re.sub(r"[=,.:].*", "", word) for word in own if word.startswith("--")}
            return f"no option {sorted(asked - known)}" if asked - known else None
        name = re.sub(r"[^a-z-].*", "", word)
        if name not in command.commands:
            return f"no command {name}"
        command = command.commands[name]
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_to_type_can_be_typed(page: Path) -> None:
    top = typer.main.get_command(app)
    found = {" ".join(words): fault for words in named(page) if (fault := wrong(words, top))}

    assert found == {}


def test_commands_are_found_and_wrong_ones_are_told() -> None:
    top = typer.main.get_command(app)
    assert sum(len([*named(page)]) for page in PAGES) > 100
    assert wrong(["rollback", "--to", "ID"], top) is None
    assert wrong(["rollback", "--from", "ID"], top) == "no option ['--from']"
    assert wrong(["roll", "back"], top) == "no command roll"
