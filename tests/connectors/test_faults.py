"""Whatever goes wrong at a vendor is said in one sentence, and the next run loads everything.

A connector joins by bringing a small world: `<vendor>/<vendor>_world.py` with `tables()`.
"""

import pytest
from faulty import Faulty
from small_worlds import WAYS_OF_PAGING, emulator, small_world, vendors, ways_of_paging

from ingestion.connector import discover

SENTENCES = [
    (401, "rejected the credential (401) at /", "renew it in the environment"),
    (403, "denied access (403) at /", "grant the scopes named in the connector's README"),
    (404, "does not know this address (404) at /", "check base_url"),
    (429, "still limits the rate after every retry (429)", "wait for the quota to reset"),
    (500, "answered 500 after every retry", "see the vendor's status page"),
    ("html", "answered something that is not JSON", "check base_url"),
    ("truncated", "answered something that is not JSON", "check base_url"),
    ("cut", "broke off in mid-answer", "check the network"),
    ("hang", "did not answer in time", "check the network"),
]
# One vendor for each way of paging meets every fault. The client is the same for all, so the
# others meet a few.
A_FEW = (401, "truncated")
MATRIX = [
    pytest.param(vendor, *sentence, id=f"{vendor}-{sentence[0]}")
    for vendor in vendors()
    for sentence in SENTENCES
    if vendor in WAYS_OF_PAGING or sentence[0] in A_FEW
]


@pytest.fixture(params=vendors())
def vendor(request):
    return request.param


@pytest.mark.parametrize(("vendor", "fault", "what", "remedy"), MATRIX)
def test_a_fault_is_one_sentence_that_names_the_source_and_the_remedy(
    vendor, fault, what, remedy, serve, load_from, monkeypatch
) -> None:
    if fault == "hang":
        monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "0.3")
    made = emulator(vendor)
    world = small_world(vendor)
    url = serve(Faulty(made.app(lambda: world, None), fault, error_bodies=made.ERROR_BODIES))

    loaded = load_from(vendor, url)

    assert loaded.problem.startswith(f"{vendor}: ")
    assert what in loaded.problem
    assert remedy in loaded.problem
    assert loaded.problem.endswith(f"then run `ax load {vendor}`")
    assert "\n" not in loaded.problem
    assert "sandbox" not in loaded.problem  # neither token nor password


def test_a_server_that_is_not_there_is_named_too(vendor, load_from) -> None:
    loaded = load_from(vendor, "http://127.0.0.1:9")

    assert "can not be reached" in loaded.problem


def test_a_setting_that_is_missing_is_named_by_its_variable(vendor, load_from) -> None:
    for setting in discover()[vendor].settings:
        settings = {"base_url": "http://127.0.0.1:9", setting: None}
        loaded = load_from(vendor, settings.pop("base_url"), **settings)

        assert f"set SOURCES__{vendor.upper()}__{setting.upper()}" in loaded.problem


HALF_WAY = [(500, "answered 500", (3, 4)), (410, "forgotten the place", (3,))]


@pytest.mark.parametrize("vendor", ways_of_paging())
@pytest.mark.parametrize(("fault", "what", "hit"), HALF_WAY, ids=["breaks off", "cursor expired"])
def test_a_fault_half_way_leaves_raw_alone_and_the_next_run_brings_all(
    vendor, fault, what, hit, serve, load_from, counts, query
) -> None:
    app, world = emulator(vendor).app, small_world(vendor)
    whole = counts(load_from(vendor, serve(app(lambda: world, None))))
    query(f"drop schema raw_{vendor} cascade")
    faulty = Faulty(app(lambda: world, None), fault, hits=lambda number, _: number in hit)
    url = serve(faulty)  # half way: two answers came, the third fails and so does its repetition

    failed = load_from(vendor, url)
    landed = query(
        "select table_name from duckdb_tables() "
        "where schema_name = ? and not starts_with(table_name, '_dlt')",
        f"raw_{vendor}",
    )
    recovered = counts(load_from(vendor, url))

    assert what in failed.problem
    assert landed == []
    assert recovered == whole


@pytest.mark.parametrize("vendor", ways_of_paging())
def test_a_fault_that_passes_is_ridden_out(vendor, serve, load_from, counts) -> None:
    world = small_world(vendor)
    app = Faulty(emulator(vendor).app(lambda: world, None), 429, hits=lambda number, _: number == 2)

    assert counts(load_from(vendor, serve(app)))
    assert app.requests > 2
