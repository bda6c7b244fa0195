"""From scored pairs to persons: what holds together on average, never a chain of weak links.

Records are numbered from 0. Connected components only bound the work. Within each, average linkage
over match weights (Sokal and Michener 1958) joins two clusters if the mean weight between all their
records speaks for one person; pairs that may not be one person weigh prohibitively. Of such a
cluster, only what strong links connect stays together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

from identity.comparisons import CANDIDATE_WEIGHT, LARGEST_PERSON

MOST_IN_COMPONENT = 300  # nodes, hence 45,000 pairs that are scored within
STEP = 2.0  # bits by which the links of a component too large have to be stronger
UNSCORED = -30.0  # bits; the weight of a pair that nobody scored
FORBIDDEN = 1e9  # bits against; outweighs whatever a component may hold for it

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Scored pairs of records: a < b, and the match weight in bits."""

    a: Ints
    b: Ints
    weight: Floats

    def where(self, chosen: NDArray[Any]) -> "Pairs":
        """Return the chosen pairs, by a mask or by their numbers."""
        return Pairs(self.a[chosen], self.b[chosen], self.weight[chosen])


def components(nodes: int, pairs: Pairs) -> Ints:
    """Return a number for each node's connected component."""
    graph = coo_array((np.ones(len(pairs.a)), (pairs.a, pairs.b)), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def bounded_components(nodes: int, pairs: Pairs, most: int = MOST_IN_COMPONENT) -> Ints:
    """Return components of at most so many nodes, by dropping the weakest links of larger ones.

    A component whose links are all alike gives no hint where to part it, and is cut in order.
    """
    while True:
        label = components(nodes, pairs)
        large = np.bincount(label, minlength=nodes)[label[pairs.a]] > most
        if not large.any():
            return label
        weakest, strongest = np.full(nodes, np.inf), np.full(nodes, -np.inf)
        np.minimum.at(weakest, label[pairs.a], pairs.weight)
        np.maximum.at(strongest, label[pairs.a], pairs.weight)
        threshold = np.minimum(weakest + STEP, strongest)[label[pairs.a]]
        kept = ~large | (pairs.weight >= threshold)
        if kept.all():
            return _cut_in_order(label, most)
        pairs = pairs.where(kept)


def must_link(exclusive: Ints, largest: int = LARGEST_PERSON) -> tuple[Ints, int]:
    """Return the first record of the group that equal strong ids join, and the contested joins.

    `exclusive` has a column per attribute of which a person has only one value; -1 is unknown.
    Contested, and joining nobody: a value that more than `largest` records hold, or whose holders
    contradict one another in another attribute. A join that would do so by a detour is refused.
    """
    union = _Union(exclusive, largest)
    contested = 0
    for values in exclusive.T:
        for holders in _holders(values):
            if len(holders) > largest or _contradict(exclusive[holders]):
                contested += 1
                continue
            joined = [union.join(int(holders[0]), int(holder)) for holder in holders[1:]]
            contested += joined.count(False)
    return union.roots(), contested


def cluster(
    pairs: Pairs,
    component: Ints,
    group: Ints,
    exclusive: Ints,
    strong: float,
    largest: int = LARGEST_PERSON,
) -> Ints:
    """Return a person's number for each record.

    `component` is a number per record, the same for all records of a group; `group` is what
    `must_link` returned. A group is never divided. No person holds two values of an `exclusive`
    column, or more than `largest` records.
    """
    records = len(group)
    label = np.arange(records)
    size = np.bincount(group, minlength=records)
    known = np.full_like(exclusive, -1)
    np.maximum.at(known, group, exclusive)
    apart = (component[pairs.a] == component[pairs.b]) & (group[pairs.a] != group[pairs.b])
    inside = pairs.where(apart)
    inside = inside.where(np.argsort(component[inside.a], kind="stable"))
    for start, end in _runs(component[inside.a]):
        here = Pairs(
            group[inside.a[start:end]], group[inside.b[start:end]], inside.weight[start:end]
        )
        _join(here, known, size, largest, label)
    label = label[group]
    kept = pairs.where((label[pairs.a] == label[pairs.b]) & (pairs.weight >= strong))
    everyone = np.arange(records)
    return components(
        records,
        Pairs(np.concatenate([kept.a, group]), np.concatenate([kept.b, everyone]), np.empty(0)),
    )


def spanning_links(pairs: Pairs, person: Ints, group: Ints, strong: float) -> Ints:
    """Return for each record the one it was linked to: -1 for the first of a person.

    Along the strongest links that connect the person (a maximum spanning tree), walked from its
    first record; a strong id is stronger than any probability.
    """
    records = len(person)
    kept = pairs.where((person[pairs.a] == person[pairs.b]) & (pairs.weight >= strong))
    top = float(kept.weight.max(initial=0.0)) + 2.0
    own = np.flatnonzero(group != np.arange(records))
    cost = np.concatenate([top - kept.weight, np.full(len(own), 0.5)])
    graph = coo_array(
        (cost, (np.concatenate([kept.a, group[own]]), np.concatenate([kept.b, own]))),
        shape=(records + 1, records + 1),
    )
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    firsts = np.unique(person, return_index=True)[1]
    ends = np.concatenate([tree.row, np.full(len(firsts), records)])
    others = np.concatenate([tree.col, firsts])
    walk = coo_array((np.ones(len(ends)), (ends, others)), shape=(records + 1, records + 1)).tocsr()
    _, before = breadth_first_order(walk, records, directed=False)
    linked = before[:records].astype(np.int64)
    linked[linked == records] = -1
    return linked


class _Union:
    """Disjoint sets of records (Galler and Fischer 1964) that refuse to contradict themselves."""

    def __init__(self, exclusive: Ints, largest: int) -> None:
        self.parent = np.arange(len(exclusive))
        self.size = np.ones(len(exclusive), dtype=np.int64)
        self.known, self.largest = exclusive.copy(), largest

    def root(self, record: int) -> int:
        """Return the first record of a record's set."""
        while self.parent[record] != record:
            self.parent[record] = self.parent[self.parent[record]]
            record = int(self.parent[record])
        return record

    def join(self, a: int, b: int) -> bool:
        """Join two records' sets and say whether they now are one."""
        one, other = sorted((self.root(a), self.root(b)))
        if one == other:
            return True
        if self.size[one] + self.size[other] > self.largest:
            return False
        if _contradict(self.known[[one, other]]):
            return False
        self.parent[other] = one
        self.size[one] += self.size[other]
        self.known[one] = np.maximum(self.known[one], self.known[other])
        return True

    def roots(self) -> Ints:
        """Return the first record of each record's set."""
        return np.array([self.root(n) for n in range(len(self.parent))], dtype=np.int64)


def _join(here: Pairs, known: Ints, size: Ints, largest: int, label: Ints) -> None:
    """Write into `label` what average linkage joins among the groups of one component."""
    if len(here.a) == 1:  # most components are two records, and there is no tree to build
        two = np.array([here.a[0], here.b[0]])
        is_one = here.weight[0] >= CANDIDATE_WEIGHT and size[two].sum() <= largest
        if is_one and not _contradict(known[two]):
            label[two] = two.min()
        return
    nodes, flat = np.unique(np.concatenate([here.a, here.b]), return_inverse=True)
    count = len(nodes)
    one, other = flat[: len(here.a)], flat[len(here.a) :]
    distance = -_mean_weights(one, other, here.weight, count)
    values = known[nodes]
    both = (values[:, None, :] >= 0) & (values[None, :, :] >= 0)
    distance[(both & (values[:, None, :] != values[None, :, :])).any(axis=2)] = FORBIDDEN
    distance = distance[np.triu_indices(count, 1)]
    # Linkage wants distances above zero; a constant does not change the order of averages.
    lowest = distance.min()
    held: list[list[int]] = [[n] for n in range(count)]
    for left, right, far, _ in linkage(distance - lowest, "average"):
        joined = held[int(left)] + held[int(right)]
        is_whole = held[int(left)] and held[int(right)] and far + lowest <= -CANDIDATE_WEIGHT
        if is_whole and size[nodes[joined]].sum() <= largest:
            held.append(joined)
            label[nodes[joined]] = nodes[joined].min()
        else:
            held.append([])  # whatever would grow from here is refused as well


def _mean_weights(one: Ints, other: Ints, weight: Floats, count: int) -> Floats:
    total, scored = np.zeros((count, count)), np.zeros((count, count))
    for row, column in ((one, other), (other, one)):
        np.add.at(total, (row, column), weight)
        np.add.at(scored, (row, column), 1)
    return np.where(scored > 0, total / np.maximum(scored, 1), UNSCORED)


def _contradict(rows: Ints) -> bool:
    """Say whether two rows know different values of one column."""
    known = np.where(rows >= 0, rows, rows.max(axis=0))
    return bool((known != known[0]).any())


def _holders(values: Ints) -> Iterator[Ints]:
    """Yield the records of each value that more than one holds, in the order of the values."""
    order = np.argsort(values, kind="stable")
    order = order[values[order] >= 0]
    for start, end in _runs(values[order]):
        if end - start > 1:
            yield order[start:end]


def _runs(values: Ints) -> Iterator[tuple[int, int]]:
    """Yield where each run of equal values begins and ends."""
    if not len(values):
        return
    edges = np.flatnonzero(np.diff(values)) + 1
    bounds = [0, *edges.tolist(), len(values)]
    yield from pairwise(bounds)


def _cut_in_order(label: Ints, most: int) -> Ints:
    """Number the nodes within each component and divide it after every `most`."""
    order = np.argsort(label, kind="stable")
    rank = np.empty(len(label), dtype=np.int64)
    for start, end in _runs(label[order]):
        rank[order[start:end]] = np.arange(end - start) // most
    return np.unique(np.stack([label, rank]), axis=1, return_inverse=True)[1].astype(np.int64)
