"""Groups of linked accounts that contradict neither a strong id nor a decision."""

from typing import NamedTuple

import numpy as np

Ints = np.ndarray


class Pairs(NamedTuple):
    """Two accounts each, by number; `position` is that of the evidence, 0 for a decision."""

    one: Ints
    other: Ints
    position: Ints


class Strong(NamedTuple):
    """Strong ids: the account, the kind and the value, by number."""

    account: Ints
    kind: Ints
    value: Ints


class Groups(NamedTuple):
    """What is found of each account, by number.

    `label` is the smallest account of its cluster, `component` the smallest that any link leads to,
    `position` that of the best evidence that holds it in its cluster, or `ALONE`.
    """

    label: Ints
    component: Ints
    position: Ints


ALONE = np.iinfo(np.int64).max  # behind the position of every kind of evidence


def grouped(
    size: int, links: Pairs, strong: Strong, apart: tuple[Ints, Ints], largest: int
) -> Groups:
    """Find who belongs together among accounts 0 to `size`, as `cluster` says."""
    label, kept = cluster(size, links, strong, apart, largest)
    best = np.full(size, ALONE)
    np.minimum.at(best, links.one[kept], links.position[kept])
    np.minimum.at(best, links.other[kept], links.position[kept])
    return Groups(label, components(size, links.one, links.other), best)


def components(size: int, one: Ints, other: Ints) -> Ints:
    """Return for each account the smallest number of an account that it reaches."""
    # A third of a second, for which no command needs to wait that links nothing.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(one), bool), (one, other)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    smallest = np.full(label.max(initial=-1) + 1, size)
    np.minimum.at(smallest, label, np.arange(size))
    return smallest[label]


def cluster(
    size: int, links: Pairs, strong: Strong, apart: tuple[Ints, Ints], largest: int
) -> tuple[Ints, Ints]:
    """Return each account's cluster (its smallest member) and which links were kept.

    A group that holds two values of one strong id, a pair decided to be apart, or more than
    `largest` accounts loses its weakest kind of link, then the next, until it holds none:
    what is contested joins nobody. Decisions are never dropped.
    """
    kept = ~_decided_apart(size, links, apart)
    for position in sorted({int(p) for p in np.unique(links.position)} - {0}, reverse=True):
        label = components(size, links.one[kept], links.other[kept])
        wrong = _wrong(size, label, strong, apart, largest)
        if not wrong.any():
            break
        kept &= ~(wrong[label[links.one]] & (links.position == position))
    return components(size, links.one[kept], links.other[kept]), kept


def _decided_apart(size: int, links: Pairs, apart: tuple[Ints, Ints]) -> np.ndarray:
    low, high = np.minimum(*apart), np.maximum(*apart)
    mine = np.minimum(links.one, links.other) * size + np.maximum(links.one, links.other)
    return np.isin(mine, low * size + high) & (links.position > 0)


def _wrong(
    size: int, label: Ints, strong: Strong, apart: tuple[Ints, Ints], largest: int
) -> np.ndarray:
    """Tell by label which groups may not be."""
    wrong = np.bincount(label, minlength=size) > largest
    one, other = apart
    wrong[label[one[label[one] == label[other]]]] = True
    values = np.unique(np.column_stack([label[strong.account], strong.kind, strong.value]), axis=0)
    again = (values[1:, :2] == values[:-1, :2]).all(axis=1)
    wrong[values[1:][again][:, 0].astype(int)] = True
    return wrong
