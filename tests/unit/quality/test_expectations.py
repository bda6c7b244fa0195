"""How many rows it takes to alarm: bounds come of a table's own past, chance and an effect."""

import pytest

from quality.expectations import shares
from quality.profiles import Profile

CHANGED = "priority of a known row came changed"


def load(so: int, of: int, what: str = CHANGED) -> Profile:
    return Profile("tickets", None, 24.0, of, of, {what: (so, of)})


@pytest.mark.parametrize(("so", "is_odd"), [(4, False), (7, True)])
def test_seven_of_twelve_known_rows_are_too_many_where_none_ever_changed(
    so: int, is_odd: bool
) -> None:
    found = list(shares(load(so, 12), [load(0, 13)] * 25))
    assert [one.what for one in found] == ([CHANGED] if is_odd else [])


def test_with_few_loads_the_same_seven_are_chance() -> None:
    assert list(shares(load(7, 12), [load(0, 13)] * 7)) == []
