"""What a test promises is said of each of this project's, and of those that somebody adds."""

from typing import Any

from orchestration.promises import SAID, promised
from orchestration.settings import ROOT


def a_test(name: str, **arguments: Any) -> dict[str, Any]:
    return {"description": "", "test_metadata": {"name": name, "kwargs": arguments}}


def test_each_generic_test_of_the_project_has_words() -> None:
    ours = {file.stem for file in (ROOT / "dbt_project" / "macros" / "tests").glob("*.sql")}
    assert ours
    assert ours - SAID.keys() == set()
    assert promised(a_test("is_key", column_name="x")) == "`x` is never null and never twice."


def test_a_test_that_somebody_adds_is_said_by_its_name() -> None:
    said = promised(a_test("unique", column_name="x", model="{{ get_where_subquery(ref('y')) }}"))
    assert said == "dbt's test `unique` holds."
