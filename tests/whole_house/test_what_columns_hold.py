"""That what a column holds is what its class says: over the values of a built sandbox."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.column_classes import listed
from tests.whole_house.conftest import House

pytestmark = pytest.mark.slow
EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"
PHONE = r"\+\d[\d ()/.-]{7,}\d"


def schemas(house: House) -> Iterator[tuple[str, str, str]]:
    """Yield model, column and relation of every text column that dbt built."""
    rows = house.warehouse(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where data_type = 'VARCHAR' and table_schema in "
        "('connectors', 'contracts', 'intermediate', 'marts', 'restricted')"
    )
    yield from ((table, column, f"{schema}.{table}") for schema, table, column in rows)


def names_of_persons(house: House) -> list[str]:
    """Return whole names of people of the sandbox, as the contracts tell them."""
    rows = house.warehouse(
        "select distinct lower(coalesce(full_name, first_name || ' ' || last_name)) as name "
        "from contracts.person_observations where name like '% %' and len(name) > 8"
    )
    return [name for (name,) in rows]


def test_no_column_with_an_address_a_phone_or_a_name_is_called_none(built: House) -> None:
    names, columns = names_of_persons(built), list(schemas(built))
    assert len(names) > 200
    found: dict[str, set[str]] = {"direct_identifier": set(), "none": set()}
    with duckdb.connect(str(built.data / "warehouse" / "warehouse.duckdb"), read_only=True) as db:
        db.execute("create temp table names as select unnest(?) as name", [names])
        for model, column, relation in columns:
            held = db.execute(
                f"""
                with held as (select distinct "{column}" as held from {relation} limit 5000)
                select coalesce(bool_or(regexp_matches(held, ?) or regexp_matches(held, ?)), false),
                    (select count(*) from held semi join names on lower(trim(held.held)) = name)
                from held
                """,
                [EMAIL, PHONE],
            ).fetchone()
            if held and (held[0] or held[1]):
                found.setdefault(listed()[model][column].name or "", set()).add(f"{model}.{column}")
    assert found["none"] == set()
    assert {"restricted_persons.email", "restricted_persons.phone", "restricted_persons.display_name",
            "person_observations.email"} <= found["direct_identifier"]  # fmt: skip


def test_nothing_published_holds_an_address_or_a_phone(built: House) -> None:
    rows = built.published(
        "select table_name, column_name from information_schema.columns where data_type = 'VARCHAR'"
    )
    found = [
        f"{table}.{column}"
        for table, column in rows
        if built.published(
            f"select 1 from {table} where regexp_matches(\"{column}\", '{EMAIL}') limit 1"
        )
    ]
    assert found == []
