"""Groups of accounts that a cluster finds in rounds are those that one machine finds."""

import numpy as np
import pytest

from identity import groups, rounds
from identity.groups import ALONE, Groups, Pairs, Strong
from storage import Cluster as Address
from tests.spark.cluster import Cluster

pytestmark = pytest.mark.spark

KINDS = 3  # of evidence, decisions among them
LARGEST = 12


@pytest.fixture(scope="module")
def address(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Address:
    return Address(cluster.remote, tmp_path_factory.mktemp("groups"))


def numbers(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


NOTHING = numbers()


def equal(address: Address, *asked: object) -> Groups:
    here, there = groups.grouped(*asked), rounds.on(address)(*asked)  # type: ignore[arg-type]
    for mine, yours, name in zip(here, there, Groups._fields, strict=True):
        assert (mine == yours).all(), name
    assert [*address.files.iterdir()] == []
    return there


def test_a_random_world_full_of_contradictions_has_the_same_groups(address: Address) -> None:
    rng = np.random.default_rng(1)
    size = 20_000
    near = rng.integers(0, size, 14_000)
    links = Pairs(
        near, (near + rng.integers(1, 40, len(near))) % size, rng.integers(0, KINDS, 14_000)
    )
    strong = Strong(
        rng.integers(0, size, 9_000), rng.integers(0, 2, 9_000), rng.integers(0, 400, 9_000)
    )
    split = rng.integers(0, len(near), 300)  # of some links an operator said no
    found = equal(address, size, links, strong, (links.one[split], links.other[split]), LARGEST)

    together = np.bincount(found.label, minlength=size)
    assert (together > 1).sum() > 1_000
    assert (found.label != found.component).sum() > 1_000  # contradictions were cut
    assert 0 < (found.position == ALONE).sum() < size


def test_a_long_chain_comes_together_in_few_rounds(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "MOST", 12)
    chain = np.arange(500)
    shuffled = np.random.default_rng(3).permutation(501)
    links = Pairs(shuffled[chain], shuffled[chain + 1], np.ones(500, np.int64))
    found = equal(address, 501, links, Strong(*[NOTHING] * 3), (NOTHING, NOTHING), 1_000)
    assert set(found.label) == {0}


def test_nobody_linked_is_everybody_alone(address: Address) -> None:
    found = equal(
        address, 3, Pairs(*[NOTHING] * 3), Strong(*[NOTHING] * 3), (NOTHING, NOTHING), LARGEST
    )
    assert found.label.tolist() == [0, 1, 2]


def test_rounds_that_never_end_are_a_fault_and_leave_nothing(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "MOST", 1)
    chain = np.arange(50)
    links = Pairs(chain, chain + 1, np.ones(50, np.int64))
    with pytest.raises(rounds.Endless, match="still move after 1 rounds"):
        rounds.on(address)(51, links, Strong(*[NOTHING] * 3), (NOTHING, NOTHING), LARGEST)
    assert [*address.files.iterdir()] == []
