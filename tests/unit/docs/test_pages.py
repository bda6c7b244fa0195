"""The pages hang together: every block is understood, what is not run is said, every link leads somewhere."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.pages import BY_ITS_OWN_TEST, NOT_HERE, PAGES, ROOT, RUN, SHOWN, blocks, name

EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=name)
# Of a link its place; what lies on another machine is not asked for.
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(#[^)\s]*)?\)")


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@EVERY_PAGE
def test_every_block_is_run_or_shown(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = list(blocks(page))

    assert len(re.findall(r"^ *```", text, re.MULTILINE)) == 2 * len(found)
    assert {block.language for block in found} <= {*RUN, *SHOWN}
    assert re.findall(r"\n\n {4}(?:ax|make|python|\.venv)\b.*", text) == []


@EVERY_PAGE
def test_what_is_shown_as_data_is_data(page: Path) -> None:
    read = {"yaml": yaml.safe_load, "json": json.loads}
    for block in blocks(page):
        if block.language in read:
            assert read[block.language](block.text)


@EVERY_PAGE
def test_every_link_leads_somewhere(page: Path) -> None:
    for place, heading in LINK.findall(page.read_text(encoding="utf-8")):
        there = (page.parent / place) if place else page
        assert there.exists(), place
        assert not heading or heading[1:] in anchors(there), heading


def test_what_is_not_run_still_stands_in_its_page() -> None:
    texts = {name(page): [block.text for block in blocks(page)] for page in PAGES}
    gone = [
        (page, start)
        for page, start in NOT_HERE
        if not any(re.search(f"^{re.escape(start)}", text, re.MULTILINE) for text in texts[page])
    ]
    assert gone == []


def test_pages_with_a_test_of_their_own_have_one() -> None:
    for page, test in BY_ITS_OWN_TEST.items():
        assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()
