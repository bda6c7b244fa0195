"""Records of one table to persons: compare, bound, compare within, cluster, say why."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from identity import blocking, clusters, probable
from identity.comparisons import CANDIDATE_WEIGHT, LARGEST_PERSON, STRONG_PROBABILITY
from identity.records import Layout, exclusive

BOUNDS = (clusters.MOST_IN_COMPONENT, 150, LARGEST_PERSON)  # of a component; the first affordable


@dataclass(slots=True)
class Account:
    """What linking a table came to, and where the time went (seconds by stage)."""

    records: int = 0
    persons: int = 0
    largest: int = 0
    contested: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        start = time.monotonic()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - start


def recognise(
    db: duckdb.DuckDBPyConnection,
    shape: Layout,
    one_row: Sequence[str],
    account: Account,
    say: Callable[[str], None],
    strong: float = STRONG_PROBABILITY,
) -> None:
    """Create table `persons` from `records`, a row for a row.

    Columns: record_id, person_id (the smallest record_id of the person), linked_to (the record
    whose link brought it there; null for the first), evidence (`strong id`, or the kinds that
    agree), probability.
    """
    attributes = exclusive(db, shape, one_row)
    group, account.contested = clusters.must_link(attributes)
    if account.contested:
        say(
            f"{account.contested:,} joins by strong ids are contested and left out: the value is "
            f"on more than {LARGEST_PERSON} records, or on records that contradict one another"
        )
    _number_groups(db, group)
    bits = float(np.log2(strong / (1 - strong)))
    if shape.kinds and len(group) > 1:
        pairs, component = _compare(db, shape, group, account, say)
    else:
        pairs, component = _no_pairs(db), np.arange(len(group))
    with account.stage("cluster"):
        person = clusters.cluster(pairs, component, group, attributes, bits)
        linked = clusters.spanning_links(pairs, person, group, bits)
        _write(db, person, linked)
    account.records, account.persons = len(person), len(np.unique(person))
    account.largest = int(np.bincount(person).max())


def _compare(
    db: duckdb.DuckDBPyConnection,
    shape: Layout,
    group: clusters.Ints,
    account: Account,
    say: Callable[[str], None],
) -> tuple[clusters.Pairs, clusters.Ints]:
    """Score the pairs that share a block, then all pairs of each component that these make."""
    kinds, several = list(shape.kinds), shape.several
    with account.stage("learn"):
        model = probable.train(db, kinds, several)
    if not model.is_learned:
        say(
            f"too few pairs to learn from (about {model.matches:,.0f} matches): the weights are "
            "mostly the documented defaults"
        )
    with account.stage("compare"):
        blocks = blocking.plan(db, kinds, several)
        for block in blocks:
            if block.values_set_aside:
                say(str(block))
        probable.score_blocks(db, model, blocks, CANDIDATE_WEIGHT, say)
        ratio = probable.relatives(db)
        probable.weigh(db, ratio, CANDIDATE_WEIGHT)
    with account.stage("compare within"):
        component = _components(_pairs(db), group)
        _score_within(db, model, component)
        probable.weigh(db, ratio, None)
        return _pairs(db), component


def _components(pairs: clusters.Pairs, group: clusters.Ints) -> clusters.Ints:
    """Return components in which all pairs can be afforded, the same for all of a group."""
    members = np.flatnonzero(group != np.arange(len(group)))
    linked = clusters.Pairs(
        np.concatenate([group[pairs.a], group[members]]),
        np.concatenate([group[pairs.b], members]),
        np.concatenate([pairs.weight, np.full(len(members), clusters.FORBIDDEN)]),
    )
    for most in BOUNDS:
        component = clusters.bounded_components(len(group), linked, most)[group]
        sizes = np.bincount(component)
        if (sizes * (sizes - 1) // 2).sum() <= blocking.MOST_PAIRS:
            break
    return component


def _score_within(
    db: duckdb.DuckDBPyConnection, model: probable.Model, component: clusters.Ints
) -> None:
    """Replace `compared` by all pairs of two groups within a component, whatever their weight."""
    places = pa.table({"place": np.arange(len(component), dtype=np.int32), "component": component})
    db.register("places", places)
    db.execute(
        "create or replace table components as select place, component, group_place from places "
        "inner join grouped using (place) "
        "qualify count(*) over (partition by component) > 1"
    )
    db.unregister("places")
    sizes = np.bincount(component)
    parts = int(-(-(sizes * (sizes - 1) // 2).sum() // blocking.CHUNK)) or 1
    score = probable.scorer(db, model)
    for number in range(parts):
        db.execute(
            f"""
            create or replace table candidate_pairs as
            select one.place as join_key_l, other.place as join_key_r, '0' as match_key
            from components as one
            inner join components as other
                on one.component = other.component and one.place < other.place
                and one.group_place <> other.group_place
            where one.place % {parts} = {number}
            """
        )
        score(None)


def _number_groups(db: duckdb.DuckDBPyConnection, group: clusters.Ints) -> None:
    places = pa.table({"place": np.arange(len(group), dtype=np.int32), "group_place": group})
    db.register("places", places)
    db.execute("create or replace table grouped as select * from places")
    db.unregister("places")


def _pairs(db: duckdb.DuckDBPyConnection) -> clusters.Pairs:
    rows = db.execute("select l, r, weight from scored order by l, r").to_arrow_table()
    return clusters.Pairs(
        rows["l"].to_numpy().astype(np.int64),
        rows["r"].to_numpy().astype(np.int64),
        rows["weight"].to_numpy(),
    )


def _no_pairs(db: duckdb.DuckDBPyConnection) -> clusters.Pairs:
    db.execute(
        "create or replace table scored "
        "(l integer, r integer, weight double, probability double, agree varchar)"
    )
    return _pairs(db)


def _write(db: duckdb.DuckDBPyConnection, person: clusters.Ints, linked: clusters.Ints) -> None:
    first = np.full(len(person), len(person))
    np.minimum.at(first, person, np.arange(len(person)))
    bound = pa.table(
        {
            "place": np.arange(len(person), dtype=np.int32),
            "first": first[person],
            "linked": pa.array(linked, mask=linked < 0),
        }
    )
    db.register("bound", bound)
    db.execute(
        """
        create or replace table persons as
        select
            records.record_id,
            firsts.record_id as person_id,
            links.record_id as linked_to,
            case
                when own.group_place = other.group_place then 'strong id' else scored.agree
            end as evidence,
            case
                when own.group_place = other.group_place then 1.0 else round(probability, 6)
            end as probability
        from bound
        inner join records on bound.place = records.place
        inner join records as firsts on bound.first = firsts.place
        left join records as links on bound.linked = links.place
        left join grouped as own on bound.place = own.place
        left join grouped as other on bound.linked = other.place
        left join scored
            on scored.l = least(bound.place, bound.linked)
            and scored.r = greatest(bound.place, bound.linked)
        order by records.place
        """
    )
    db.unregister("bound")
