"""Probable links between groups of accounts, for somebody to confirm or reject."""

from collections.abc import Callable, Mapping

import duckdb
import numpy as np
import pyarrow as pa

from identity import blocking, probable
from identity.records import BadColumns, Layout, exclusive, layout, load, scratch


def propose(
    db: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    *,
    record: str = "record_id",
    group: str | None = None,
    at_least: float = 0.9,
    country: str | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> pa.Table:
    """Return the probable links between groups of records, most probable first.

    `table` is read through `db` and nothing is written there; `columns` is {column: kind} as in
    `identity.comparisons.KINDS`, or `strong_id`, of which two groups must not hold different
    values. Records with an equal `group` are known to be one person; without one, each record
    stands alone. `at_least` is a probability below 1. `say` is told what is set aside, and
    beforehand how long the comparing takes.

    Columns of the result, one row per pair of groups by its strongest pair of records:
    record_id_l, record_id_r, group_id_l, group_id_r (null without a group), weight (bits),
    probability, agree (kinds that agree).
    """
    shape = layout(columns)
    if not shape.kinds:
        raise BadColumns("strong ids alone propose nothing; give at least one column another kind")
    number = {column: f"c{n}" for n, column in enumerate(columns)}
    numbered = Layout(
        {kind: [number[column] for column in of] for kind, of in shape.kinds.items()},
        [number[column] for column in shape.strong],
    )
    chosen = [f'"{column}"::varchar as {name}' for column, name in number.items()]
    rows = db.execute(
        f'select "{record}"::varchar as record_id, null::varchar as source_id, '
        f"{_text(group)} as group_id, {', '.join(chosen)} from {table}"
    ).to_arrow_table()
    with scratch() as work:
        work.register("rows", rows)
        work.execute("create table source as select * from rows")
        work.unregister("rows")
        del rows
        load(work, numbered, country)
        model = probable.train(work, list(shape.kinds), shape.several)
        blocks = blocking.plan(work, list(shape.kinds), shape.several)
        for block in blocks:
            if block.values_set_aside:
                say(str(block))
        bits = float(np.log2(at_least / (1 - at_least)))
        probable.score_blocks(work, model, blocks, bits, say)
        probable.weigh(work, probable.relatives(work), bits)
        return _between_groups(work, numbered)


def _text(column: str | None) -> str:
    return f'"{column}"::varchar' if column else "null::varchar"


def _between_groups(db: duckdb.DuckDBPyConnection, shape: Layout) -> pa.Table:
    """Return the strongest pair of each two groups that do not contradict one another."""
    known = exclusive(db, shape, [])
    db.execute(
        "create or replace table grouped as select place, group_id, record_id, "
        "min(place) over (partition by coalesce('g' || group_id, 'r' || record_id)) as group_place "
        "from records"
    )
    group = db.execute("select group_place from grouped order by place").to_arrow_table()
    root = group["group_place"].to_numpy().astype(np.int64)
    of_group = np.full_like(known, -1)
    np.maximum.at(of_group, root, known)
    for number in range(known.shape[1]):
        values = pa.table(
            {"place": np.arange(len(root), dtype=np.int32), "value": of_group[root, number]}
        )
        db.register("group_values", values)
        db.execute(
            "delete from scored using group_values as one, group_values as other "
            "where scored.l = one.place and scored.r = other.place "
            "and one.value >= 0 and other.value >= 0 and one.value <> other.value"
        )
        db.unregister("group_values")
    return db.execute(
        """
        select
            one.record_id as record_id_l, other.record_id as record_id_r,
            one.group_id as group_id_l, other.group_id as group_id_r,
            scored.weight, scored.probability, scored.agree
        from scored
        inner join grouped as one on scored.l = one.place
        inner join grouped as other on scored.r = other.place
        where one.group_place <> other.group_place
        qualify row_number() over (
            partition by least(one.group_place, other.group_place),
                greatest(one.group_place, other.group_place)
            order by scored.weight desc, scored.l, scored.r
        ) = 1
        order by scored.weight desc, record_id_l, record_id_r
        """
    ).to_arrow_table()
