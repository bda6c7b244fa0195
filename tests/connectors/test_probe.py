"""A look at a vendor says per table what works; nothing lands and no cursor moves."""

import pytest
from faulty import Faulty
from small_worlds import AS_OF, emulator, small_world, vendors
from small_worlds import settings as usual

from ingestion.connector import discover
from ingestion.errors import IngestionError
from ingestion.probe import probe


@pytest.fixture
def look(monkeypatch, serve):
    """Look at a vendor whose emulator was wrapped."""

    def run(vendor, wrapped=lambda app: app, **settings):
        world = small_world(vendor)
        connector = discover()[vendor]
        url = serve(wrapped(emulator(vendor).app(lambda: world, None)))
        for name, value in {"base_url": url, **usual(vendor), **settings}.items():
            monkeypatch.setenv(f"SOURCES__{vendor.upper()}__{name.upper()}", value)
        return {probed.table: probed for probed in probe(connector, AS_OF)}

    return run


@pytest.mark.parametrize("vendor", vendors())
def test_every_table_of_a_vendor_is_readable(look, vendor) -> None:
    found = look(vendor)

    assert list(found) == [table.name for table in discover()[vendor].tables]
    assert [probed.problem for probed in found.values() if probed.problem] == []
    assert any(probed.has_rows for probed in found.values())


def test_what_was_loaded_before_does_not_narrow_the_look(look, serve, load_from) -> None:
    world = small_world("hubspot")
    load_from("hubspot", serve(emulator("hubspot").app(lambda: world, None)))

    assert look("hubspot")["contacts"].has_rows


def test_a_scope_that_is_missing_is_named_by_its_table_and_the_others_are_readable(look) -> None:
    found = look("zendesk", lambda app: Faulty(app, 403, lambda _, path: "ratings" in path))

    refused = {name for name, probed in found.items() if probed.problem}
    assert refused == {"satisfaction_ratings"}
    assert "denied access (403)" in found["satisfaction_ratings"].problem
    assert "grant the scopes" in found["satisfaction_ratings"].problem


def test_a_setting_that_is_missing_is_one_sentence(monkeypatch) -> None:
    monkeypatch.setenv("SOURCES__ZENDESK__BASE_URL", "http://127.0.0.1:9")
    with pytest.raises(IngestionError, match="set SOURCES__ZENDESK__EMAIL"):
        list(probe(discover()["zendesk"], AS_OF))
