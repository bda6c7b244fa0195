"""The constructs that models use give the same value on both engines, where the two part by default.

Each line is an expression of DuckDB. All of them go to Spark in a few queries, for each query costs.
"""

from typing import Any

import duckdb
import pytest
from sqlglot import exp

from tests.spark.cluster import Cluster
from translation.spark import translated

pytestmark = pytest.mark.spark

# Columns that expressions read: what a compiler knows beforehand must not be what is compared.
VALUES = """
select
    7 as seven, 2 as two, cast(null as integer) as nobody, 2.5 as half, cast(2.5 as double) as half_double,
    cast(1.005 as double) as edge, 'Ä b*c~d/e' as text, 'a;b;;c' as parts, date '2026-03-29' as day,
    timestamp '2026-03-29 00:30:00' as moment, timestamp '2026-03-30 00:29:59' as later,
    [3, null, 1] as numbers, ['b', 'a'] as letters, cast([] as integer[]) as nothing,
    '{"a": 1, "b": null, "c d": "x", "e": {"f": [1, 2]}}' as told, '{"a": null, "g": true}' as patch
"""
EXPRESSIONS = """
seven / two
seven // two
-seven // two
-seven % two
1.0 / 3
cast(half as integer)
cast(half_double as integer)
cast(half_double + 1 as bigint)
cast('2.5' as double)
round(edge, 2)
round(half_double)
round(-half_double)
cast(ceil(half_double) as bigint)
cast(ceil(-half_double) as bigint)
greatest(seven, nobody)
least(nobody, two)
concat('a', cast(nobody as varchar), 'b')
concat_ws(':', 'a', cast(nobody as varchar), 'b')
text || cast(nobody as varchar)
length(text)
len(numbers)
numbers[1]
numbers[2]
numbers[9]
numbers[-1]
numbers[two]
numbers[nobody]
list_contains(numbers, 9)
list_contains(numbers, 3)
not list_contains(numbers, 9)
list_position(letters, 'z')
list_position(letters, 'a')
array_to_string(list_sort(letters), ';')
array_to_string(list_transform(letters, lambda letter: letter || '1'), '|')
len(list_filter(numbers, lambda number: number > 1))
len(list_filter([1, 2, 3], lambda number: number <= two))
list_sort([half_double, 1.5, -2.5])[1]
list_sort([half_double, 1.5])[cast(two as bigint)]
len(list_concat(letters, cast(null as varchar[])))
list_has_any(letters, ['z', 'a'])
list_sum([1.5, 2.5])
list_reduce([1, 2, 3], lambda sum, one: sum * 10 + one, 0)
list_bool_or([false, cast(null as boolean)])
len(range(two))
len(range(0))
len(generate_series(1, seven))
string_split(parts, ';')[3]
len(string_split(parts, ';'))
split_part(parts, ';', 2)
split_part(parts, ';', 9)
regexp_matches(parts, ';(;|$)')
regexp_full_match(parts, '[a-z;]*')
regexp_full_match(parts, 'a|b')
list_has_all(['x', 'y'], ['y'])
list_has_all(['x', 'y'], ['y', 'z'])
regexp_replace(parts, ';[^;]*', '', 'g')
regexp_extract(parts, '^(.*);c$', 1)
regexp_extract(parts, 'b;')
url_encode(text)
url_decode('a%20b+c')
md5(text)
sha256(text)
upper(text)
json_extract_string(told, 'a')
json_extract_string(told, 'b')
json_extract_string(told, 'c d')
json_extract_string(told, '$.e.f')
told ->> '$.zzz'
json_merge_patch(told, patch)
json_object('x', seven, 'y', nobody, 'z', text)
len(json_keys(told))
from_json('[{"a": "x", "b": 2}]', '[{"a": "varchar", "b": "bigint"}]')[1].b
array_to_string(list_sort(map_keys(from_json('{"p": 1.5, "q": null}', '"map(varchar, double)"'))), ',')
list_sum(map_values(from_json('{"p": 1.5, "q": 2}', '"map(varchar, double)"')))
from_json('[{"value": "x", "more": 1}]', '[{"value": "varchar"}]')[1].value
substring(text, 3)
substring(text, length('abc') + 1)
left(text, 3)
epoch_ms(1782864000123)
array_to_string(from_json('["p","q"]', '["varchar"]'), ',')
date_diff('second', moment, later)
date_diff('minute', moment, later)
date_diff('hour', moment, later)
date_diff('day', moment, later)
date_diff('day', cast(later as timestamp), moment)
date_diff('month', date '2026-01-31', date '2026-02-01')
date_diff('quarter', date '2026-03-31', date '2026-04-01')
date_diff('year', date '2025-12-31', date '2026-01-01')
isodow(day)
isodow(day + 1)
quarter(day)
date_trunc('week', day)
date_trunc('quarter', moment)
strftime(moment, '%Y-%m-%dT%H:%M:%S')
cast(moment as varchar)
cast(day as varchar)
cast(day + interval 1 month as date)
cast(date '2026-01-31' + interval 1 month as date)
moment + to_days(two)
moment + to_minutes(90)
moment + to_seconds(90)
timezone('Europe/Berlin', timezone('UTC', moment))
timezone('Europe/Berlin', timezone('UTC', later))
timezone('UTC', timezone('Europe/Berlin', cast('2026-03-29 03:30:00' as timestamp)))
timezone('UTC', timezone('Europe/Berlin', cast('2026-07-01 12:00:00' as timestamp)))
timezone('UTC', timezone('Europe/Berlin', cast('2026-10-25 02:30:00' as timestamp)))
sqrt(half)
pow(two, half)
pow(0.5, seven / 90.0)
floor(-half_double)
abs(-half)
nullif(seven, 7)
coalesce(nobody, two)
case when nobody > 1 then 'more' else 'not' end
nobody is distinct from two
'a_b' like 'a\\_b'
'Ab' ilike 'a_'
trim('  x ')
chr(10)
starts_with(text, 'Ä')
contains(text, 'b*')
seven & 3
ln(half_double)
exp(1.0)
tanh(atanh(0.5))
try_cast('x' as double)
"""
AGGREGATES = """
avg(seven) filter (where nobody is null)
avg(price)
sum(price)
median(number)
quantile_cont(number, 0.9)
any_value(gap) filter (where gap > 5)
arg_max(gap, number)
arg_max_null(gap, number)
arg_max(price, {'same': 1, 'number': number})
arg_min(number, gap)
count(gap)
count(distinct number)
array_to_string(list(name order by price), ',')
len(list(gap))
len(list(distinct number))
bool_or(gap > 5)
bool_and(gap > 5)
bit_xor(number)
stddev_samp(number)
product(number)
max(name) filter (where gap is not null)
"""
ROWS = """
select 7 as seven, cast(null as integer) as nobody, *
from (values
    (1, 10.333, cast(null as integer), 'd'), (2, 20.125, 5, 'c'), (2, 0.001, null, 'b'), (4, 7.5, 9, 'a')
) as t (number, price, gap, name)
"""
OVER = """
sum(number) filter (where gap is null) over (order by name)
median(number) over (order by name rows between unbounded preceding and current row)
product(number) over (order by name rows between unbounded preceding and current row)
row_number() over (order by gap, name)
row_number() over (order by gap desc, name)
rank() over (order by number)
lag(gap) over (order by name)
lag(gap ignore nulls) over (order by name)
first_value(gap ignore nulls) over (order by name)
last_value(gap) over (order by name rows between unbounded preceding and unbounded following)
ntile(3) over (order by name)
"""


def lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line]


def no_table(table: exp.Table) -> list[str]:
    raise AssertionError(table)


def on_both(cluster: Cluster, sql: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        here = db.execute(sql).fetchall()
        db.register("there", cluster.session.sql(translated(sql, no_table)).toArrow())
        return here, db.execute("from there").fetchall()


def plain(value: Any) -> Any:
    """Compare a number by twelve digits, and a moment whether or not it says that it is UTC."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()[:19].replace("T00:00:00", "")
    return (
        f"{float(value):.12g}"
        if isinstance(value, int | float) or hasattr(value, "quantize")
        else value
    )


def assert_alike(cluster: Cluster, expressions: list[str], source: str, tail: str = "") -> None:
    named = ", ".join(f"{sql} as v{number}" for number, sql in enumerate(expressions))
    here, there = on_both(cluster, f"select {named} from ({source}) as given {tail}")
    assert here
    for one, other in zip(here, there, strict=True):
        differ = {
            sql: (a, b)
            for sql, a, b in zip(expressions, one, other, strict=True)
            if plain(a) != plain(b)
        }
        assert not differ


def test_values(cluster: Cluster) -> None:
    assert_alike(cluster, lines(EXPRESSIONS), VALUES)


def test_aggregates(cluster: Cluster) -> None:
    assert_alike(cluster, lines(AGGREGATES), ROWS)


def test_windows(cluster: Cluster) -> None:
    assert_alike(cluster, ["name", *lines(OVER)], ROWS, "order by name")


@pytest.mark.parametrize(
    "sql",
    [
        "select unnest([1, 2]) as a, unnest([3, 4]) as b order by all",
        "select day + cast(unnest(range(3)) as integer) as d from (select date '2026-01-01' as day) as t order by d",
        "select * from (select count(*) over () as n, unnest([1, 2]) as a, unnest([3, 4]) as b from (values (1), (2)) as t (x)) order by a",
        "select a from (values (1, 2), (3, null)) as t (a, b) order by b desc, a",
        "select k, v from (unpivot (select 1 as a, null::integer as b, 3 as c) on a, b, c into name k value v) order by k",
        "select * from (select 1 as a, 2 as b union all by name select 3 as b, 4 as c) order by b",
        "select * from ((select 1 as a union all select null union all select 2) except (select null as a)) order by a",
        "select a from (values (1), (2)) as t (a) qualify row_number() over (order by a desc) = 1",
        "select a from (values (1, true), (2, null), (3, false)) as t (a, b) where (a, b) in (select x, y from (values (1, true), (2, true), (3, false)) as s (x, y)) order by a",
        "with recursive r as (select 1 as n union select n + 1 as n from r where n < 3) select n from r order by n",
    ],
)  # fmt: skip
def test_queries(cluster: Cluster, sql: str) -> None:
    here, there = on_both(cluster, sql)
    assert [list(map(plain, row)) for row in there] == [list(map(plain, row)) for row in here]
