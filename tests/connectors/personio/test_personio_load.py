"""Personio through the pipeline: everyone, once; who changes or is removed is seen by reading anew."""

from datetime import timedelta

from personio_world import employee, tables
from small_worlds import AS_OF

from ingestion.connectors.personio.emulator import app

PEOPLE = [employee(number) for number in range(1, 52)]


def test_everyone_lands_once_and_who_changed_or_is_gone_is_seen(
    serve, load_from, counts, query
) -> None:
    world = {"now": tables()}
    url = serve(app(lambda: world["now"], None))

    assert counts(load_from("personio", url)) == {"persons": (51, 0, 0)}

    world["now"] = tables([employee(1, first_name="Changed"), *PEOPLE[2:]])
    second = counts(load_from("personio", url, as_of=AS_OF + timedelta(days=1)))

    assert second == {"persons": (0, 2, 49)}
    assert query("select first_name, email, _deleted_reason from raw_personio.persons "
                 "where id in ('1', '2') order by id") == [
        ("Changed", "e1@example.org", None),
        (None, None, "gone"),
    ]  # fmt: skip
    assert "denied" not in str(query("select cast(persons as varchar) from raw_personio.persons"))
