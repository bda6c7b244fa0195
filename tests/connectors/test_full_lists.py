"""A list that is declared whole is read whole in each run; only then is a short one a finding."""

import pytest
from small_worlds import emulator, small_world, vendors

from ingestion.connector import discover


@pytest.mark.parametrize("vendor", vendors())
def test_a_full_list_is_as_long_in_the_second_run_as_in_the_first(vendor, serve, load_from) -> None:
    world = small_world(vendor)
    url = serve(emulator(vendor).app(lambda: world, None))

    first, second = (
        {count.table: count.living for count in load_from(vendor, url).tables} for _ in range(2)
    )

    whole = [table.name for table in discover()[vendor].tables if table.is_whole]
    assert [second[name] for name in whole] == [first[name] for name in whole]
    assert not whole or any(first[name] for name in whole)
