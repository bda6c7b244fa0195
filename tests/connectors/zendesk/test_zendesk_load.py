import desk

from ingestion.connectors.zendesk.emulator import app


def counts(loaded) -> dict[str, tuple[int, int, int]]:
    assert loaded.problem is None
    assert all(count.balances for count in loaded.tables)
    return {c.table: (c.new, c.changed, c.unchanged) for c in loaded.tables if c.extracted}


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    serve, load_from, rows
) -> None:
    world = desk.tables()
    url = serve(app(lambda: world, None))

    first, second = (counts(load_from("zendesk", url)) for _ in range(2))

    assert first["tickets"] == (5, 0, 0)
    assert all(new == changed == 0 for new, changed, _ in second.values())
    assert rows("select count(*), count(distinct id) from raw_zendesk.tickets") == [(5, 5)]
