"""The groups of `identity.groups`, found by a Spark cluster: rounds of queries until nothing moves.

What one round leaves is written as Parquet to the folder that the cluster shares, so that no plan
grows with the rounds, and a table is never larger than the links.
"""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from identity.groups import ALONE, Groups, Ints, Pairs, Strong
from storage import Cluster
from storage.cluster import GROUPS

# Accounts; below, one machine is done within a minute and 2 GB (ten million: 25 s, 0.7 GB).
WORTH = 20_000_000
MOST = 64  # rounds; a shuffled chain of five thousand needs fifteen
DECISION = 0  # the position of links that are never dropped
NOBODY = "select cast(null as bigint) as label where false"


class Endless(Exception):
    """Labels that still move after `MOST` rounds: a fault, never a property of the links."""


def on(
    cluster: Cluster,
) -> Callable[[int, Pairs, Strong, tuple[Ints, Ints], int], Groups]:
    """Return `groups.grouped` as a cluster does it."""

    def grouped(
        size: int, links: Pairs, strong: Strong, apart: tuple[Ints, Ints], largest: int
    ) -> Groups:
        folder = cluster.files / GROUPS
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            with cluster.session() as session:
                tables = _Tables(session, folder)
                tables.hand("links", links._asdict())
                tables.hand("strong", strong._asdict())
                tables.hand("apart", {"one": apart[0], "other": apart[1]})
                _cluster(tables, largest)
                _components(tables, "links", "components")
                return _told(tables, size)
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # what went wrong is told, not this

    return grouped


class _Tables:
    """Tables of numbers, each in a place of its own, so that a new one may read the old."""

    def __init__(self, session: Any, folder: Path) -> None:
        self.session = session
        self._places = (str(folder / str(number)) for number in count())
        self._place_of: dict[str, str] = {}

    def hand(self, name: str, columns: dict[str, Ints]) -> None:
        rows = {column: values.astype(np.int64) for column, values in columns.items()}
        place = next(self._places)
        pq.write_table(pa.table(rows), place)
        self._show(name, place)

    def make(self, name: str, query: str) -> None:
        place = next(self._places)
        self.session.sql(query).write.parquet(place)
        self._show(name, place)

    def columns(self, name: str, *columns: str) -> list[Ints]:
        """Read a table from where it lies: it may be larger than a driver hands out."""
        found = pq.read_table(self._place_of[name], columns=[*columns])
        return [found[column].to_numpy() for column in columns]

    def few(self, query: str) -> list[Any]:
        return [row[0] for row in self.session.sql(query).collect()]

    def _show(self, name: str, place: str) -> None:
        self._place_of[name] = place
        self.session.read.parquet(place).createOrReplaceTempView(name)


def _components(tables: _Tables, links: str, name: str) -> None:
    """Make a table `name` of `account` and the smallest `label` that it reaches, of who is linked.

    FastSV (Zhang, Azad, Hu, 2020): labels lead to labels as in a tree. In each round an account
    takes the smallest label that the labels around it have, and so does whom its own label names:
    whole trees hang themselves onto others and grow flat. It ends when no label moved.
    """
    tables.make(
        "ends", f"select one as account, other from {links} union select other, one from {links}"
    )
    tables.make(name, "select distinct account, account as label, true as moved from ends")
    for _ in range(MOST):
        if not tables.few(f"select 1 from {name} where moved limit 1"):
            return
        tables.make(
            "far",
            f"""
            select held.account, held.label, leads.label as far
            from {name} as held inner join {name} as leads on held.label = leads.account
            """,
        )
        tables.make(
            name,
            """
            with near as (
                select ends.account, min(far.far) as label
                from ends inner join far on ends.other = far.account
                group by ends.account
            ),
            offered as (
                select inline(array(
                    struct(far.account, least(near.label, far.far) as label, far.label as before),
                    struct(far.label as account, near.label, cast(null as bigint) as before)
                ))
                from near inner join far on near.account = far.account
            )
            select account, min(label) as label, min(label) < max(before) as moved
            from offered group by account
            """,
        )
    raise Endless(f"labels of {links} still move after {MOST} rounds")


def _cluster(tables: _Tables, largest: int) -> None:
    """Make tables `labels` (account, label) and `kept` (links), as `groups.cluster` keeps them.

    A group that holds is settled; only what does not is looked at again, without its weakest links.
    """
    tables.make(
        "unsettled",
        f"""
        select links.* from links left anti join apart
        on links.position > {DECISION}
        and least(links.one, links.other) = least(apart.one, apart.other)
        and greatest(links.one, links.other) = greatest(apart.one, apart.other)
        """,
    )
    kinds = tables.few("select distinct position from links")
    weakest_first = sorted({*kinds} - {DECISION}, reverse=True)
    rounds = 0
    for position in (*weakest_first, DECISION):
        _components(tables, "unsettled", "labelled")
        # When all that may be dropped is, what is left holds.
        tables.make("wrong", NOBODY if position == DECISION else _wrong(largest))
        tables.make(
            f"labels_{rounds}",
            "select account, label from labelled left anti join wrong using (label)",
        )
        tables.make(
            f"kept_{rounds}",
            f"""
            select unsettled.* from unsettled
            left semi join labels_{rounds} as settled on unsettled.one = settled.account
            """,
        )
        rounds += 1
        if not tables.few("select 1 from wrong limit 1"):
            break
        tables.make(
            "unsettled",
            f"""
            select unsettled.* from unsettled
            inner join labelled on unsettled.one = labelled.account
            left semi join wrong on labelled.label = wrong.label
            where unsettled.position <> {position}
            """,
        )
    for name in ("labels", "kept"):
        parts = (f"select * from {name}_{number}" for number in range(rounds))
        tables.make(name, " union all ".join(parts))


def _wrong(largest: int) -> str:
    """Return the query of the groups that may not be."""
    return f"""
        select label from labelled group by label having count(*) > {largest}
        union
        select mine.label from apart
        inner join labelled as mine on apart.one = mine.account
        inner join labelled as yours on apart.other = yours.account and mine.label = yours.label
        union
        select label from (
            select labelled.label
            from strong inner join labelled on strong.account = labelled.account
            group by labelled.label, strong.kind having count(distinct strong.value) > 1
        )
    """


def _told(tables: _Tables, size: int) -> Groups:
    """Return what was found of each account; who has no link is alone."""
    tables.make(
        "best",
        """
        select account, min(position) as position from (
            select one as account, position from kept union all select other, position from kept
        ) group by account
        """,
    )
    found = Groups(np.arange(size), np.arange(size), np.full(size, ALONE))
    for values, column, table in zip(
        found, ("label", "label", "position"), ("labels", "components", "best"), strict=True
    ):
        account, told = tables.columns(table, "account", column)
        values[account] = told
    return found
