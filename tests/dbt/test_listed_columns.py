"""That every column that is there is listed with its class, and that pseudonyms join nothing."""

import hmac
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import keys
from orchestration.settings import PURPOSES
from tests.column_classes import MODELS, differences, folders

BUILT = ("contracts", "intermediate", "marts", "restricted", "published")


def test_every_column_that_is_there_is_listed_and_every_listed_one_is_there(built: Any) -> None:
    there: dict[str, set[str]] = {}
    for row in built.rows(
        "select table_name, column_name from information_schema.columns "
        "where table_schema not in ('identity', 'labels', 'ops', 'registry')"
    ):
        there.setdefault(row["table_name"], set()).add(row["column_name"])
    due = {name for name, folder in folders().items() if folder in BUILT}
    assert due - set(there) == set()
    assert differences({name: there[name] for name in due}) == {}


@pytest.fixture(scope="module")
def expression(built: Any) -> str:
    """Return the SQL that dbt makes of the macro for person_id and cx."""
    [file] = built.folder.glob("target/compiled/**/pub_touchpoints.sql")
    found = re.search(r"(case\s+when person_id.*?end) as person_key", file.read_text(), re.DOTALL)
    assert found
    return found[1]


def made(expression: str, folder: Path, purpose: str, built: Any) -> set[str]:
    """Return the pseudonyms of some persons for a purpose, with the keys of a folder."""
    sql = expression.replace(
        str(built.folder / "keys" / "cx.key"), str(keys.key_file(folder, purpose))
    )
    rows = duckdb.sql(
        f"select {sql} from (select 'pers\u00f6n' || range as person_id from range(500))"
    )
    return {pseudonym for (pseudonym,) in rows.fetchall()}


def test_the_pseudonym_is_hmac_sha256(built: Any, expression: str, tmp_path: Path) -> None:
    keys.ensure(tmp_path)
    persons = [f"pers\u00f6n{n}" for n in range(500)]
    for purpose in PURPOSES:
        key = keys.key_file(tmp_path, purpose).read_text().strip().encode()
        expected = {hmac.new(key, p.encode(), "sha256").hexdigest() for p in persons}
        assert made(expression, tmp_path, purpose, built) == expected
        assert set(keys.pseudonyms(tmp_path, purpose, persons)) == expected


def test_no_two_purposes_and_no_two_keys_share_a_value(
    built: Any, expression: str, tmp_path: Path
) -> None:
    for folder in ("old", "new"):
        keys.ensure(tmp_path / folder)
    values = [
        made(expression, tmp_path / folder, purpose, built)
        for folder in ("old", "new")
        for purpose in PURPOSES
    ]
    assert len(set().union(*values)) == sum(len(found) for found in values) == 12 * 500


def test_published_persons_of_two_purposes_share_no_value(built: Any) -> None:
    """Over every published model with a key of a person, and none is the id inside."""
    with_key = [
        row["table_name"]
        for row in built.rows(
            "select table_name from information_schema.columns "
            "where table_catalog = 'publication' and column_name = 'person_key'"
        )
    ]
    purposes: dict[str, set[str]] = {}
    for name in with_key:
        text = next(MODELS.rglob(f"{name}.sql")).read_text(encoding="utf-8")
        [purpose] = set(re.findall(r"pseudonym\('person_id', '(\w+)'\)", text))
        keyed = built.rows(f"select distinct person_key from publication.{name}")
        purposes.setdefault(purpose, set()).update(row["person_key"] for row in keyed)
    persons = {row["person_id"] for row in built.rows("select person_id from warehouse.marts.dim_persons")}  # fmt: skip
    found = [values - {None} for values in [*purposes.values(), persons]]
    assert "pub_touchpoints" in with_key
    assert all(found)
    assert len(set().union(*found)) == sum(len(values) for values in found)


def test_a_key_that_was_cut_short_is_refused(built: Any, expression: str, tmp_path: Path) -> None:
    keys.key_file(tmp_path, "cx").write_text("half a key")
    with pytest.raises(duckdb.InvalidInputException, match="different sizes"):
        made(expression, tmp_path, "cx", built)


def test_the_key_stands_in_nothing_that_dbt_wrote(built: Any) -> None:
    key = (built.folder / "keys" / "cx.key").read_text().strip().encode()
    written = [f for f in built.folder.rglob("*") if f.is_file() and f.parent.name != "keys"]
    assert [file.name for file in written if key in file.read_bytes()] == []
    assert len(written) > 100
