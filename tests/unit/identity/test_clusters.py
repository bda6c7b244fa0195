"""From scored pairs to persons: bounded, never against a contradiction, whatever the order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity import clusters
from identity.clusters import Pairs

STRONG = 5.0
LARGEST = 4


def pairs(*rows: tuple[int, int, float]) -> Pairs:
    a, b, weight = zip(*rows, strict=True) if rows else ((), (), ())
    return Pairs(
        np.array(a, dtype=np.int64), np.array(b, dtype=np.int64), np.array(weight, dtype=float)
    )


def unknown(records: int, attributes: int = 0) -> np.ndarray:
    return np.full((records, attributes), -1, dtype=np.int64)


def persons(found: Pairs, exclusive: np.ndarray, largest: int = LARGEST) -> np.ndarray:
    group, _ = clusters.must_link(exclusive, largest)
    linked = Pairs(
        np.concatenate([found.a, group]),
        np.concatenate([found.b, np.arange(len(group))]),
        np.concatenate([found.weight, np.full(len(group), 1e9)]),
    )
    component = clusters.bounded_components(len(group), linked)[group]
    return clusters.cluster(found, component, group, exclusive, STRONG, largest)


def sets(label: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(label == person).tolist()) for person in np.unique(label)}


def test_a_chain_through_a_shared_record_does_not_hold() -> None:
    found = pairs((0, 1, 8), (1, 2, 8), (0, 2, -20))
    assert sets(persons(found, unknown(3))) == {frozenset({0, 1}), frozenset({2})}


def test_a_weak_pair_among_strong_ones_holds() -> None:
    found = pairs((0, 1, 8), (1, 2, 8), (0, 2, -3))
    assert sets(persons(found, unknown(3))) == {frozenset({0, 1, 2})}


def test_a_positive_pair_is_not_yet_a_person() -> None:
    assert len(sets(persons(pairs((0, 1, 4.9)), unknown(2)))) == 2


def test_equal_strong_ids_join_what_nothing_else_does() -> None:
    exclusive = np.array([[7], [-1], [7]])
    assert sets(persons(pairs((0, 2, -30), (0, 1, -30)), exclusive)) == {
        frozenset({0, 2}),
        frozenset({1}),
    }


def test_different_strong_ids_keep_apart_what_all_else_joins() -> None:
    exclusive = np.array([[1], [-1], [2]])
    found = pairs((0, 1, 40), (0, 2, 50), (1, 2, 30))
    assert sets(persons(found, exclusive)) == {frozenset({0, 1}), frozenset({2})}


def test_a_value_on_contradicting_records_joins_nobody() -> None:
    group, contested = clusters.must_link(np.array([[1, 5], [2, 5], [1, -1]]))
    assert group.tolist() == [0, 1, 0]
    assert contested == 1


def test_a_detour_does_not_bring_contradictions_together() -> None:
    # 0 and 1 share the first id, 1 and 2 the second, 2 and 3 the third; 0 and 3 differ in a fourth.
    exclusive = np.array([[1, -1, -1, 8], [1, 2, -1, -1], [-1, 2, 3, -1], [-1, -1, 3, 9]])
    group, contested = clusters.must_link(exclusive)
    assert group.tolist() == [0, 0, 0, 3]
    assert contested == 1


def test_a_strong_id_on_too_many_records_joins_nobody() -> None:
    group, contested = clusters.must_link(np.zeros((51, 1), dtype=np.int64))
    assert group.tolist() == list(range(51))
    assert contested == 1


def test_a_thousand_equal_records_make_no_giant() -> None:
    a, b = np.triu_indices(1000, 1)
    label = persons(Pairs(a, b, np.full(len(a), 30.0)), unknown(1000), largest=50)
    assert np.bincount(label).max() <= 50


def test_each_record_says_which_link_brought_it() -> None:
    found = pairs((0, 1, 9), (1, 2, 8), (0, 2, 6))
    label = persons(found, unknown(4))
    group = np.arange(4)
    assert clusters.spanning_links(found, label, group, STRONG).tolist() == [-1, 0, 1, -1]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Pairs, np.ndarray, list[int]]:
    records = draw(st.integers(2, 14))
    a, b = np.triu_indices(records, 1)
    # No two weights or means of weights are equal, or either link may be taken first.
    ranks = draw(st.permutations(range(len(a))))
    shift = draw(st.integers(0, len(a)))
    weight = (np.array(ranks, dtype=float) - shift) * 1.37 + 0.3 * np.sin(1.0 + np.array(ranks))
    known = draw(
        st.lists(
            st.tuples(st.integers(-1, 3), st.integers(-1, 3)), min_size=records, max_size=records
        )
    )
    order = draw(st.permutations(range(records)))
    return Pairs(a, b, weight), np.array(known, dtype=np.int64), order


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_persons_keep_what_they_promise(world: tuple[Pairs, np.ndarray, list[int]]) -> None:
    found, exclusive, _ = world
    label = persons(found, exclusive)
    group, _ = clusters.must_link(exclusive, LARGEST)
    for members in sets(label):
        assert len(members) <= LARGEST
        for values in exclusive[sorted(members)].T:
            assert len(set(values[values >= 0].tolist())) <= 1
        inside = [
            (a, b)
            for a, b, w in zip(found.a, found.b, found.weight, strict=True)
            if {int(a), int(b)} <= members and w >= STRONG
        ]
        joined = [(n, int(group[n])) for n in members]
        reached, before = {min(members)}, set()
        while reached != before:
            before = set(reached)
            reached |= {
                n
                for a, b in inside + joined
                if a in reached or b in reached
                for n in (int(a), int(b))
            }
        assert reached == members
    for record, holder in enumerate(group):
        assert label[record] == label[holder]


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_the_order_of_the_records_does_not_matter(
    world: tuple[Pairs, np.ndarray, list[int]],
) -> None:
    found, _, order = world
    place = np.argsort(np.array(order))
    a, b = place[found.a], place[found.b]
    moved = Pairs(np.minimum(a, b), np.maximum(a, b), found.weight)
    plain = sets(persons(found, unknown(len(order))))
    again = sets(persons(moved, unknown(len(order))))
    assert {frozenset(order[n] for n in members) for members in again} == plain


@pytest.mark.parametrize("most", [2, 5])
def test_components_are_bounded_by_their_weakest_links(most: int) -> None:
    found = pairs(*[(n, n + 1, 10.0 + n) for n in range(9)])
    label = clusters.bounded_components(10, found, most)
    assert np.bincount(label).max() <= most
