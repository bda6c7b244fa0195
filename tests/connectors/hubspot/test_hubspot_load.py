import portal

from ingestion.connectors.hubspot.emulator import app


def counts(loaded) -> dict[str, tuple[int, int, int]]:
    assert loaded.problem is None
    assert all(count.balances for count in loaded.tables)
    return {c.table: (c.new, c.changed, c.unchanged) for c in loaded.tables if c.extracted}


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    serve, load_from, rows
) -> None:
    world = portal.tables()
    url = serve(app(lambda: world, None))

    first, second = (counts(load_from("hubspot", url)) for _ in range(2))
    print(first, second)
    assert first["contacts"] == (5, 0, 0)
    assert all(new == changed == 0 for new, changed, _ in second.values())
    assert rows("select count(*), count(distinct id) from raw_hubspot.contacts") == [(5, 5)]
    print(rows("from raw_hubspot.contact_companies"))
    print(rows("from raw_hubspot.contacts"))
