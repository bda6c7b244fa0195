"""Lists that are given out by number or offset, and move while they are walked."""

from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]
Walk = Callable[[], Iterator[list[Row]]]


def settled(walk: Walk, key: str = "id") -> Iterator[list[Row]]:
    """Yield the pages of a walk; one of several pages is repeated until it brings nothing new.

    A row that leaves a list pulls those behind it forward, and one of them over the edge of a page
    that was read already.
    """
    seen: set[Any] = set()
    is_first = True
    while True:
        pages, before = 0, len(seen)
        for rows in walk():
            pages += 1
            yield [row for row in rows if is_first or row.get(key) not in seen]
            seen.update(row.get(key) for row in rows)
        if pages < 2 or len(seen) == before:
            return
        is_first = False
