"""Probable links: Fellegi-Sunter with Splink, learned from the table itself.

Works in a DuckDB database of its own, on table `records` (place, and one column per kind, see
`identity.folding`). What Splink learns is drawn towards documented defaults, the more so the fewer
pairs there are to learn from: two records and two million are treated by one formula.
"""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from identity import blocking
from identity.comparisons import (
    CERTAIN,
    RECALL_OF_CERTAIN,
    TRAINING,
    Level,
    agreement_sql,
    apart_sql,
    cut,
    levels,
    splink_comparison,
)

SAMPLE = 2000  # records, hence two million random pairs to learn u from
ENOUGH = 100  # pairs seen at each level of a kind; its u is known well enough
TRAINING_PAIRS = 200_000  # per rule
CERTAIN_PAIRS = 10_000_000  # per rule; a bound on the memory that no million of accounts reaches
FEWEST_PAIRS = 30  # of a rule; fewer teach nothing
TRAINING_BLOCK = 50  # records; larger blocks teach what a frequent value is, not what a person is
# How much the defaults weigh, in pairs of two persons, of one person, and records.
DEFAULT_U_PAIRS, DEFAULT_M_PAIRS, DEFAULT_RECORDS = 1000, 20, 100
MOST_MATCHES = 1000  # of one training rule: none outweighs the others by its size alone
MATCHES_A_RECORD = 0.02  # supposed where nothing certain is found
HIGHEST_PRIOR = 0.1
WORTH_SAYING = 1_000_000  # pairs; fewer are compared before one has read how long it takes
RELATIVES, ITERATIONS = 0.05, 25
FEWEST_RELATIVES = 0.01  # fewer can not be told from records of one person that are garbled
LEARNED = 100  # matches; below, the defaults decide and the user is told

Weights = Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned: m and u per level of each kind, and how likely two records match at all.

    `matches` is the number of expected matches that m was learned from.
    """

    levels: Mapping[str, Sequence[Level]]
    weights: Weights
    prior: float
    matches: float = 0.0

    @property
    def is_learned(self) -> bool:
        """Say whether the table, and not the defaults, decides."""
        return self.matches >= LEARNED


def train(
    db: duckdb.DuckDBPyConnection, kinds: Collection[str], several: Collection[str] = ()
) -> Model:
    """Learn from `records`: the prior, u from random pairs, m by expectation maximisation.

    One thread and samples by hash, so that equal records give an equal model in any order.
    """
    threads = db.execute("select current_setting('threads')").fetchall()[0][0]
    db.execute("set threads = 1")
    chosen = {kind: levels(kind, kinds, several) for kind in kinds}
    defaults = {kind: [(level.m, level.u) for level in of] for kind, of in chosen.items()}
    model = Model(chosen, defaults, _prior(db, kinds))
    _term_frequencies(db, model)
    records = db.execute("select count(*) from records").fetchall()[0][0]
    if records * (records - 1) / 2 >= DEFAULT_U_PAIRS:  # fewer pairs weigh less than the defaults
        model = _learn_m(db, _learn_u(db, model))
    db.execute(f"set threads = {threads}")
    return model


def scorer(
    db: duckdb.DuckDBPyConnection, model: Model, into: str = "compared"
) -> Callable[[float | None], None]:
    """Return a function that compares `candidate_pairs` and adds them to table `into`.

    Its columns: l, r (places, l < r), bits (the match weight of Fellegi and Sunter), apart (bits
    that tell the pair from relatives, see `weigh`), agree (kinds that agree). The function's
    argument is the lowest number of bits that is kept; None keeps all.
    """
    linker, api = _linker(db, "records", model)
    linker.table_management.register_blocked_pairs_for_predict(api.register("candidate_pairs"))
    agree = ", ".join(agreement_sql(kind, of) for kind, of in model.levels.items())
    db.execute(
        f"create or replace table {into} "
        "(l integer, r integer, bits double, apart double, agree varchar)"
    )

    def score(at_least: float | None = None) -> None:
        scored = linker.inference.predict(threshold_match_weight=at_least, warning_mode="never")
        db.execute(
            f"insert into {into} select place_l, place_r, match_weight, "
            f"{apart_sql(model.levels)}, concat_ws(', ', {agree}) from {scored.physical_name}"
        )
        scored.drop_table_from_database_and_remove_from_cache()

    return score


def relatives(db: duckdb.DuckDBPyConnection) -> float:
    """Return how many pairs of relatives there are in `compared` for each pair of one person.

    Fellegi and Sunter know two hypotheses: one person, or two whom chance brought together. People
    of one household, and organisations in one house, agree on far more than chance would have it:
    a third hypothesis, under which only what tells the members apart speaks for a match. Its
    frequency is found by expectation maximisation with all else held fixed, drawn towards a
    default as the rest is. A pair's odds are then M / (R + H).
    """
    ratio = RELATIVES
    for _ in range(ITERATIONS):
        found = db.execute(
            f"""
            with odds as (
                select least(bits, 500) as one, least(bits - apart, 500) + log2({ratio}) as kin
                from compared where apart is not null
            )
            select
                coalesce(sum(1 / (1 + power(2.0, kin - one) + power(2.0, -one))), 0),
                coalesce(sum(1 / (1 + power(2.0, one - kin) + power(2.0, -kin))), 0)
            from odds
            """
        ).fetchall()[0]
        ratio = (found[1] + RELATIVES * DEFAULT_M_PAIRS) / (found[0] + DEFAULT_M_PAIRS)
    # Rounded, because threads add in no fixed order and the last bits differ.
    return round(float(ratio), 6) if ratio >= FEWEST_RELATIVES else 0.0


def weigh(db: duckdb.DuckDBPyConnection, ratio: float, at_least: float | None) -> None:
    """Create `scored` from `compared`: l, r, weight (bits, against all), probability, agree."""
    kept = "true" if at_least is None else f"weight >= {at_least}"
    db.execute(
        f"""
        create or replace table scored as
        select l, r, weight, 1 / (1 + power(2.0, -weight)) as probability, agree
        from (
            select *, case
                when apart is null then bits
                else bits - log2(1 + {ratio} * power(2.0, least(bits - apart, 500)))
            end as weight
            from compared
        )
        where {kept}
        """
    )


def score_blocks(
    db: duckdb.DuckDBPyConnection,
    model: Model,
    blocks: Sequence[blocking.Block],
    at_least: float,
    say: Callable[[str], None],
) -> None:
    """Compare every pair of the counted blocks into `compared`; say how long it will take."""
    score = scorer(db, model)
    parts = blocking.chunks(blocks)
    pairs = sum(block.pairs for block in blocks)
    if pairs > WORTH_SAYING:
        seconds = _foresee(db, score, parts)
        say(f"comparing {pairs:,} pairs will take about {seconds:,.0f} s")
        score = scorer(db, model)
    for number in range(parts):
        blocking.candidates(db, parts, number)
        score(at_least)


def _foresee(
    db: duckdb.DuckDBPyConnection, score: Callable[[float | None], None], parts: int
) -> float:
    """Return seconds for all chunks, from a fiftieth and a fifth of one.

    Two samples, because part of a chunk's time does not depend on its pairs.
    """
    taken = []
    for share in (50, 5):
        start = time.monotonic()
        blocking.candidates(db, parts * share, 0)
        score(0.0)
        taken.append(time.monotonic() - start)
    slope = max(0.0, taken[1] - taken[0]) / (1 / 5 - 1 / 50)
    return parts * (taken[0] + slope * (1 - 1 / 50))


def settings(model: Model) -> dict[str, Any]:
    """Return the model as Splink reads it."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "place",
        "probability_two_random_records_match": model.prior,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": [
            splink_comparison(kind, of, model.weights[kind]) for kind, of in model.levels.items()
        ],
        "retain_matching_columns": True,  # and with them the level reached, hence what agrees
        "retain_intermediate_calculation_columns": True,
    }


def _linker(db: duckdb.DuckDBPyConnection, table: str, model: Model) -> tuple[Any, Any]:
    # Half a second: whoever links nothing need not wait for it.
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(db)
    linker = Linker(api.register(table), settings(model), log_level=logging.CRITICAL)
    for kind, of in model.levels.items():
        if any(level.weighs_rarity for level in of):
            frequencies = api.register(f"frequencies_{kind}")
            linker.table_management.register_term_frequency_lookup(frequencies, kind)
    return linker, api


def _prior(db: duckdb.DuckDBPyConnection, kinds: Collection[str]) -> float:
    """Return how likely two random records match: certain pairs over all, by their recall."""
    records = db.execute("select count(*) from records").fetchall()[0][0]
    pairs = records * (records - 1) / 2
    rules = cut(CERTAIN, kinds) or [tuple(kinds)]
    db.execute("create or replace table certain_pairs (l integer, r integer)")
    for rule in rules:
        _training_keys(db, rule, CERTAIN_PAIRS)
        db.execute(
            "insert into certain_pairs select one.place, other.place from training_keys as one "
            "inner join training_keys as other on one.key = other.key and one.place < other.place"
        )
    found = db.execute("select count(*) from (select distinct l, r from certain_pairs)").fetchall()
    expected = found[0][0] / RECALL_OF_CERTAIN + MATCHES_A_RECORD * max(1, records)
    return float(min(HIGHEST_PRIOR, expected / max(1.0, pairs)))


def _term_frequencies(db: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Create a table per kind: how frequent each value is, besides the record that holds it."""
    for kind, of in model.levels.items():
        usual = next((level.u for level in of if level.weighs_rarity), None)
        if usual is None:
            continue
        weight = DEFAULT_RECORDS
        db.execute(
            f"create or replace table frequencies_{kind} as select {kind}, "
            f"(count(*) - 1 + {weight} * {usual}) / (sum(count(*)) over () - 1 + {weight}) "
            f"as tf_{kind} from records where {kind} is not null group by {kind}"
        )


def _learn_u(db: duckdb.DuckDBPyConnection, model: Model) -> Model:
    db.execute(
        f"create or replace table sample as select * from "
        f"(select * from records order by md5(record_id) limit {SAMPLE}) order by place"
    )
    linker, _ = _linker(db, "sample", model)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=SAMPLE**2, min_count_per_level=ENOUGH
    )
    learned = _read(linker, "u_probability")
    weights = {}
    for kind, of in model.weights.items():
        known = db.execute(f"select count({kind}) from sample").fetchall()[0][0]
        weights[kind] = [
            (m, _towards(u, DEFAULT_U_PAIRS, [(seen, known * (known - 1) / 2)]))
            for (m, u), seen in zip(of, learned[kind], strict=True)
        ]
    return replace(model, weights=weights)


def _learn_m(db: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """Learn m from every training rule, each weighed by the matches expected under it."""
    seen: dict[str, list[tuple[list[float], float]]] = {kind: [] for kind in model.levels}
    for rule in cut(TRAINING, model.levels):
        learned, matches = _maximise(db, model, rule)
        for kind in _free(model, rule):
            seen[kind].append((learned[kind], min(matches, MOST_MATCHES)) if matches else ([], 0))
    weights = {
        kind: [
            (_towards(m, DEFAULT_M_PAIRS, [(of[n], pairs) for of, pairs in seen[kind] if of]), u)
            for n, (m, u) in enumerate(model.weights[kind])
        ]
        for kind in model.levels
    }
    learned_from = [sum(pairs for _, pairs in of) for of in seen.values()]
    return replace(model, weights=weights, matches=max(learned_from, default=0.0))


def _maximise(
    db: duckdb.DuckDBPyConnection, model: Model, rule: tuple[str, ...]
) -> tuple[dict[str, list[float]], float]:
    """Run Splink's expectation maximisation on the pairs of one rule; return m and the matches."""
    from splink import block_on
    from splink.internals.exceptions import SplinkException

    pairs = _training_keys(db, rule)
    if pairs < FEWEST_PAIRS or not _free(model, rule):
        return {}, 0.0
    db.execute(
        "create or replace table training_records as select records.* from records "
        "semi join training_keys using (place) order by place"
    )
    # Where every pair is a match Splink's prior runs into infinity, and is then held as it is;
    # where a level is never seen among matches it refuses its m of 0: such a rule teaches nothing.
    for is_held in (False, True):
        linker, _ = _linker(db, "training_records", model)
        try:
            session = linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule),
                estimate_without_term_frequencies=True,
                fix_probability_two_random_records_match=is_held,
            )
        except (SplinkException, ValueError):
            continue
        matches = session.core_model_settings.probability_two_random_records_match * pairs
        return _read(linker, "m_probability"), float(matches)
    return {}, 0.0


def _training_keys(
    db: duckdb.DuckDBPyConnection, rule: tuple[str, ...], most: int = TRAINING_PAIRS
) -> int:
    """Create `training_keys`: blocks of a rule by hash until there are pairs enough; count them."""
    blocking.make_keys(db, "all_keys", rule)
    db.execute(
        f"""
        create or replace table training_keys as
        with blocks as (
            select key, count(*) as size from all_keys group by key
            having count(*) between 2 and {TRAINING_BLOCK}
        ),
        counted as (
            select key, size * (size - 1) // 2 as pairs,
                sum(size * (size - 1) // 2) over (order by key) as so_far
            from blocks
        )
        select key, place, pairs from all_keys inner join counted using (key)
        where so_far <= {most}
        """
    )
    counted = "select sum(pairs) from (select distinct key, pairs from training_keys)"
    return int(db.execute(counted).fetchall()[0][0] or 0)


def _free(model: Model, rule: tuple[str, ...]) -> list[str]:
    """Return the kinds whose comparison looks at nothing that the rule makes equal."""
    return [
        kind
        for kind, of in model.levels.items()
        if kind not in rule and not any(level.needs in rule for level in of)
    ]


def _read(linker: Any, which: str) -> dict[str, list[float]]:
    """Return a probability of each level; a level that was never seen has none, hence zero."""
    found = {}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        values = [level.get(which) for level in comparison["comparison_levels"][1:]]
        found[comparison["output_column_name"]] = [
            float(value) if isinstance(value, int | float) else 0.0 for value in values
        ]
    return found


def _towards(default: float, weight: float, seen: Sequence[tuple[float, float]]) -> float:
    """Return the mean of what was seen in so many pairs, and of a default with a weight of its own.

    The posterior mean of a proportion under a beta prior that is worth `weight` pairs.
    """
    total = weight + sum(pairs for _, pairs in seen)
    return (default * weight + sum(value * pairs for value, pairs in seen)) / total
