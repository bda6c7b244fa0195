"""How Discourse is walked: it gives out pages of lists that change meanwhile, newest first."""

from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]

WINDOW = 50
OVERLAP = 5


def newest_first(ask: Callable[[int | None], list[Row]]) -> Iterator[list[Row]]:
    """Yield all posts, walked down by their numbers; `ask` takes the number to go on below.

    A new forum answers with the next 50 posts below a number, an old one with those between it and
    the number 50 further down, itself included: what it shows there may be few or none, and is not
    the end. An answer that repeats the number tells an old one, one that reaches further a new one.
    """
    before: int | None = None
    repeats = reaches = False
    while before is None or before > 0:
        page = ask(before)
        yield page
        ids = [row["id"] for row in page if "id" in row]
        repeats |= before in ids
        reaches |= bool(ids) and max(ids) - min(ids) >= WINDOW
        lowest = min(ids, default=None)
        if lowest is None or lowest == before:
            if before is None or reaches or not repeats:
                return
            lowest = before - WINDOW
        before = lowest


def by_page(ask: Callable[[int], list[Row]]) -> Iterator[list[Row]]:
    """Yield the pages of a list by their number from 1, until one brings nothing new."""
    seen: set[Any] = set()
    number = 1
    while (page := ask(number)) and not seen.issuperset(row.get("id") for row in page):
        yield page
        seen.update(row.get("id") for row in page)
        number += 1


def by_offset(ask: Callable[[int], list[Row]]) -> Iterator[list[Row]]:
    """Yield the pages of a user's likes by offset, until one brings nothing new.

    Each page is asked for with a little of the one before: a like that is undone meanwhile moves
    all older ones up, and none may slip through.
    """
    seen: set[Any] = set()
    offset = 0
    while (page := ask(offset)) and not seen.issuperset(row.get("post_id") for row in page):
        yield page
        seen.update(row.get("post_id") for row in page)
        offset += max(1, len(page) - OVERLAP)
