"""Which records are compared at all: blocks of records that share a value, counted beforehand."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from identity.comparisons import BLOCKING, PARTS, cut

LARGEST_BLOCK = 1000  # records; a value that more records share tells them apart by nothing
MOST_PAIRS = 30_000_000  # about four minutes on two cores
PAIRS_A_RECORD = 1000
CHUNK = 4_000_000  # pairs compared at once: bounds the memory


@dataclass(frozen=True, slots=True)
class Block:
    """What one rule costs, and what it leaves out: values that too many records share."""

    rule: tuple[str, ...]
    pairs: int
    values_set_aside: int
    shared_by: int  # records, the least that share a value set aside

    def __str__(self) -> str:
        """Say it in half a sentence."""
        said = f"{' + '.join(self.rule)}: {self.pairs:,} pairs"
        if not self.values_set_aside:
            return said
        return (
            f"{said}; {self.values_set_aside:,} values are set aside, each shared by "
            f"{self.shared_by:,} records or more"
        )


def plan(
    db: duckdb.DuckDBPyConnection,
    kinds: Collection[str],
    several: Collection[str],
    most_pairs: int = MOST_PAIRS,
) -> list[Block]:
    """Create `block_keys` (key, place) from `records` and count the pairs of each rule.

    Rules without a pair are left out. Each rule may cost its share of what the rules before it
    have left; it reaches it by leaving out its largest blocks.
    """
    rules = cut(BLOCKING, kinds) or [(kind,) for kind in kinds]
    records = db.execute("select count(*) from records").fetchall()[0][0]
    left = min(most_pairs, PAIRS_A_RECORD * records)
    db.execute("create or replace table block_keys (key ubigint, place integer)")
    blocks = []
    for number, rule in enumerate(rules):
        make_keys(db, "rule_keys", rule, several, salt=number)
        block = _keep_affordable(db, rule, left // (len(rules) - number))
        left -= block.pairs
        blocks.append(block)
    return [block for block in blocks if block.pairs or block.values_set_aside]


def make_keys(
    db: duckdb.DuckDBPyConnection,
    table: str,
    rule: Sequence[str],
    several: Collection[str] = (),
    salt: int = 0,
) -> None:
    """Create a table (key, place): the hash of a rule's parts, where all are known."""
    sources, parts = ["records"], []
    for part in rule:
        kind, _, how = part.partition(":")
        column = kind
        if kind in several:
            sources.append(f"unnest({kind}_all) as each_{kind}(value)")
            column = f"each_{kind}.value"
        parts.append(PARTS[how].format(c=column))
    db.execute(
        f"create or replace table {table} as "
        f"select distinct hash({salt}, {', '.join(parts)}) as key, place "
        f"from {', '.join(sources)} where {' and '.join(f'{part} is not null' for part in parts)}"
    )


def candidates(db: duckdb.DuckDBPyConnection, chunks: int, number: int) -> None:
    """Create `candidate_pairs`, the pairs whose first record falls into one of so many chunks."""
    db.execute(
        f"""
        create or replace table candidate_pairs as
        select distinct one.place as join_key_l, other.place as join_key_r, '0' as match_key
        from block_keys as one
        inner join block_keys as other
            on one.key = other.key and one.place < other.place
        where one.place % {chunks} = {number}
        """
    )


def chunks(blocks: Sequence[Block]) -> int:
    """Return into how many chunks the counted pairs fall."""
    return max(1, -(-sum(block.pairs for block in blocks) // CHUNK))


def _keep_affordable(db: duckdb.DuckDBPyConnection, rule: tuple[str, ...], budget: int) -> Block:
    db.execute(
        "create or replace table rule_blocks as "
        "select key, count(*) as size from rule_keys group by key having count(*) > 1"
    )
    sizes = db.execute(
        "select size, count(*) as blocks from rule_blocks group by size order by size"
    ).fetchall()
    pairs, largest = 0, 0
    for cost, size in _costs(sizes):
        if size > LARGEST_BLOCK or pairs + cost > budget:
            break
        pairs, largest = pairs + cost, size
    db.execute(
        f"insert into block_keys select rule_keys.* from rule_keys inner join rule_blocks "
        f"using (key) where size <= {largest}"
    )
    aside = [(size, blocks) for size, blocks in sizes if size > largest]
    fewest = min((size for size, _ in aside), default=0)
    return Block(rule, pairs, sum(blocks for _, blocks in aside), fewest)


def _costs(sizes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    return ((blocks * size * (size - 1) // 2, size) for size, blocks in sizes)
