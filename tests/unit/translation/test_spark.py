"""What is not reviewed is refused by name, and what depends on columns is spelled out."""

import pytest
from sqlglot import exp

from translation.spark import NAMED, RULES, SAME, translated
from translation.trees import Untranslatable

COLUMNS = {"one": ["a", "b"], "other": ["b", "c"]}


def lookup(table: exp.Table) -> list[str]:
    return COLUMNS[table.name]


def unasked(table: exp.Table) -> list[str]:
    raise AssertionError(f"{table.name} was asked for without need")


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("select a from t asof join u on t.a >= u.a", "asof join"),
        ("select a from t positional join u", "positional join"),
        ("select a from t using sample 10%", "TableSample"),
        ("select reverse(a) from t", "Reverse"),
        ("select my_macro(a) from t", "my_macro"),
        ("select distinct on (a) a, b from t", "distinct on"),
        ("select list(a order by b desc) from t", "list(.. order by .. desc)"),
        ("select l[1:2] from t", "Slice"),
        ("select regexp_replace(a, 'b', 'c') from t", "regexp_replace of the first"),
        ("select strftime(a, '%A') from t", "strftime with %A"),
        ("select date_diff('week', a, b) from t", "date_diff of week"),
        (
            "select timezone('Europe/Berlin', a) from t",
            "timezone that leads neither to UTC nor from it",
        ),
        ('select from_json(a, \'{"b": "uuid"}\') from t', "from_json of"),
        ("select list_contains(a -> '$.b', 'c') from t", "`->` in an argument"),
        ("select a from t, unnest(t.l) as u (a)", "Unnest"),
        ("select list_transform(l, lambda one, place: place) from t", "a place in a list"),
        ("select a from t qualify", "what sqlglot can not parse"),
    ],
)
def test_what_nobody_reviewed_is_refused_by_name(sql: str, construct: str) -> None:
    with pytest.raises(Untranslatable) as refusal:
        translated(sql, unasked)
    assert refusal.value.construct.startswith(construct)


def test_a_construct_is_either_the_same_or_has_a_rule() -> None:
    assert not SAME & {kind.__name__ for kind in RULES}
    assert not SAME & NAMED.keys()
    assert {name for name in SAME if not hasattr(exp, name)} == set()


def test_a_union_by_name_names_its_columns() -> None:
    assert translated("select * from one union all by name select * from other", lookup) == (
        "SELECT a, b, NULL AS c FROM (SELECT * FROM one) AS _side "
        "UNION ALL SELECT NULL AS a, b, c FROM (SELECT * FROM other) AS _side"
    )


def test_a_replaced_column_stays_in_its_place() -> None:
    sql = "select * replace (1 as a) from one union all select b as a, b from one"
    assert translated(sql, lookup).startswith("SELECT 1 AS a, one.b FROM one UNION ALL")


def test_columns_are_asked_for_only_where_they_matter() -> None:
    assert translated("select * from one", unasked) == "SELECT * FROM one"


def test_whether_a_cte_is_made_once_is_left_to_spark() -> None:
    sql = "with t as materialized (select 1 as a) select a from t"
    assert translated(sql, unasked) == "WITH t AS (SELECT 1 AS a) SELECT a FROM t"


def test_what_a_cte_makes_is_known_from_it() -> None:
    sql = "with t as (select 1 as a) select * from t union all by name select 2 as b"
    assert "SELECT NULL AS a, b FROM (SELECT 2 AS b)" in translated(sql, unasked)
