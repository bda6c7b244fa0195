"""What speaks for two records being one: comparison levels, blocking and training, as lists.

One configuration for every table. A table only says which of its columns is of which kind; the
lists below are then cut to the kinds that it has. Nothing here is tuned to a data set.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

SAME, NEAR, OTHER = "same", "near", "other"


class Level(NamedTuple):
    """One outcome of comparing two values; the first that holds counts.

    `m` and `u` are the documented defaults: how often the outcome is seen between two records of
    one person, and between records of two. A table with enough pairs to learn from overrules them
    (`identity.probable.train`); a tiny one lives on them.
    """

    says: str
    sql: str  # {c} is the column; Splink suffixes _l and _r
    m: float
    u: float
    weighs_rarity: bool = False  # agreeing on a rare value says more than on a frequent one
    needs: str | None = None  # a second kind, without which the level is left out


class Kind(NamedTuple):
    """How values of a column are folded, compared, and put together when several columns share it.

    `tells_apart` bounds the evidence, in bits, that agreement gives against "somebody else of the
    same household or house": without bound for what belongs to one person alone, a little for what
    is now and then shared, none for what all of them have.

    `several`: "join" reads the columns as one text, in the order of the config; "any" compares
    each value with each; None refuses a second column.
    """

    fold: str
    several: str | None
    levels: Sequence[Level]
    tells_apart: float = 0.0


def _equal(m: float, u: float) -> Level:
    return Level(SAME, "{c}_l = {c}_r", m, u, weighs_rarity=True)


def _alike(at_least: float, m: float, u: float) -> Level:
    return Level(NEAR, f"jaro_winkler_similarity({{c}}_l, {{c}}_r) >= {at_least}", m, u)


def _edits(most: int, m: float, u: float) -> Level:
    return Level(NEAR, f"damerau_levenshtein({{c}}_l, {{c}}_r) <= {most}", m, u)


def _else(m: float, u: float) -> Level:
    return Level(OTHER, "ELSE", m, u)


SWAPPED = Level(
    NEAR,
    "given_name_l = family_name_r and family_name_l = given_name_r",
    0.01, 0.0001, needs="family_name",
)  # fmt: skip
NAME = [_equal(0.85, 0.004), _alike(0.92, 0.05, 0.002), _alike(0.8, 0.03, 0.01), _else(0.07, 0.984)]
TEXT = [_equal(0.75, 0.002), _alike(0.9, 0.12, 0.002), _else(0.13, 0.996)]
ISSUED = [_equal(0.8, 0.0005), _edits(1, 0.1, 0.0005), _else(0.1, 0.999)]
CODE = [_equal(0.8, 0.01), _edits(1, 0.1, 0.01), _else(0.1, 0.98)]
SAME_WORDS = Level(
    SAME, "list_sort(string_split({c}_l, ' ')) = list_sort(string_split({c}_r, ' '))", 0.03, 0.0001
)
SOME_WORDS = Level(
    NEAR,
    "(list_has_all(string_split({c}_l, ' '), string_split({c}_r, ' ')) "
    "or list_has_all(string_split({c}_r, ' '), string_split({c}_l, ' ')) "
    "or jaro_winkler_similarity({c}_l, {c}_r) >= 0.92)",
    0.14, 0.001,
)  # fmt: skip
FULL_NAME = [
    _equal(0.7, 0.001),
    SAME_WORDS,
    SOME_WORDS,
    _alike(0.82, 0.06, 0.01),
    _else(0.07, 0.9879),
]
BIRTH = [
    Level(SAME, "{c}_l = {c}_r", 0.85, 0.0001),
    _edits(1, 0.07, 0.002),
    _edits(2, 0.04, 0.02),
    Level(OTHER, "left({c}_l, 4) = left({c}_r, 4)", 0.01, 0.01),
    _else(0.03, 0.9679),
]  # fmt: skip
MISSPELT = Level(
    NEAR,
    "split_part({c}_l, '@', 2) = split_part({c}_r, '@', 2) "
    "and damerau_levenshtein({c}_l, {c}_r) <= 2",
    0.08, 0.0003,
)  # fmt: skip
# Two addresses made of the same name are alike whoever holds them: the name has said it already.
NAMED = Level(
    OTHER,
    "contains({c}_l, given_name_l) and contains({c}_r, given_name_r)",
    0.1, 0.1, needs="given_name",
)  # fmt: skip
MAILBOX = [
    _equal(0.6, 0.0001),
    MISSPELT,
    NAMED,
    Level(NEAR, "split_part({c}_l, '@', 1) = split_part({c}_r, '@', 1)", 0.05, 0.0003),
    _alike(0.9, 0.05, 0.001),
    _else(0.12, 0.8983),
]  # fmt: skip
CATEGORY = [_equal(0.95, 0.3), _else(0.05, 0.7)]
# Second to "equal" for kinds of which a record may hold several values.
ANY_OF_SEVERAL = Level(SAME, "list_has_any({c}_all_l, {c}_all_r)", 0.05, 0.0001)

# One in ten mailboxes and every second phone serves a household: log2(1 / 0.1), log2(1 / 0.5).
ALONE, OFTEN, SELDOM = math.inf, 3.3, 1.0

KINDS: Mapping[str, Kind] = {
    "given_name": Kind("letters", "join", [NAME[0], SWAPPED, *NAME[1:]], ALONE),
    "family_name": Kind("letters", "join", NAME),
    "name": Kind("words", "join", FULL_NAME, ALONE),
    "birth_date": Kind("date", None, BIRTH, ALONE),
    "email": Kind("mailbox", "any", MAILBOX, OFTEN),
    "phone": Kind("phone", "any", ISSUED, SELDOM),
    "number": Kind("letters", "any", ISSUED, ALONE),
    "street": Kind("words", "join", TEXT),
    "house_number": Kind("letters", None, CODE),
    "locality": Kind("words", "join", TEXT),
    "city": Kind("words", "join", TEXT),
    "postcode": Kind("letters", None, CODE),
    "region": Kind("letters", None, CODE),
    "category": Kind("letters", None, CATEGORY),
}

# Records are compared if they share all parts of one rule; the most selective rules first. After
# the colon: a part of the value, so that a typo elsewhere does not keep two records apart.
BLOCKING = [
    ("email",), ("phone",), ("number",), ("name:sorted",), ("birth_date", "family_name"),
    ("birth_date", "given_name"), ("given_name", "family_name"), ("birth_date", "postcode"),
    ("birth_date", "city"), ("email:local",), ("street", "house_number"), ("street", "postcode"),
    ("street", "family_name"), ("street", "given_name"), ("street", "name:start"),
    ("family_name", "postcode"), ("given_name", "postcode"), ("name:start", "postcode"),
    ("family_name", "city"), ("given_name", "city"), ("name:start", "city"),
    ("locality", "house_number"), ("postcode", "house_number"), ("birth_date",), ("street",),
    ("given_name:start", "family_name:start"), ("name:start",),
]  # fmt: skip
PARTS = {
    "": "{c}",
    "local": "nullif(split_part({c}, '@', 1), '')",
    "start": "left({c}, 4)",
    "sorted": "list_aggregate(list_sort(string_split({c}, ' ')), 'string_agg', ' ')",
}

# What hardly anybody shares with another: from the pairs found, how frequent matches are at all.
CERTAIN = [
    ("email",), ("number",), ("given_name", "family_name", "birth_date"),
    ("birth_date", "family_name", "postcode"), ("birth_date", "given_name", "postcode"),
    ("given_name", "family_name", "street"), ("name", "phone"), ("name", "street"),
    ("name", "postcode"), ("name", "birth_date"),
]  # fmt: skip
RECALL_OF_CERTAIN = 0.7  # the share of the matches that the rules above find

# Splink learns m from the pairs that share a rule, for the kinds that the rule leaves free.
TRAINING = [
    ("given_name", "family_name"), ("birth_date",), ("family_name", "postcode"), ("email",),
    ("phone",), ("name",), ("street", "house_number"), ("street", "postcode"),
    ("given_name", "city"),
]  # fmt: skip

# What holds a person together has to be surer than a pair: in a person of n records, one wrong link
# makes up to n wrong pairs.
CANDIDATE_WEIGHT = 0.0  # bits: more likely one person than two
PAIR_PROBABILITY = 0.95
STRONG_PROBABILITY = 0.975
LARGEST_PERSON = 50  # records


def cut(rules: Sequence[tuple[str, ...]], kinds: Collection[str]) -> list[tuple[str, ...]]:
    """Return the rules of which the table has every kind."""
    return [rule for rule in rules if all(part.split(":")[0] in kinds for part in rule)]


def levels(kind: str, kinds: Collection[str], several: Collection[str]) -> list[Level]:
    """Return the levels of a kind in a table with these kinds, some of several columns."""
    kept = [level for level in KINDS[kind].levels if level.needs is None or level.needs in kinds]
    return [kept[0], ANY_OF_SEVERAL, *kept[1:]] if kind in several else kept


def splink_comparison(
    kind: str, chosen: Sequence[Level], weights: Sequence[tuple[float, float]]
) -> dict[str, Any]:
    """Return a comparison as Splink reads it; `weights` holds m and u of each level."""
    unknown = {
        "sql_condition": f"{kind}_l is null or {kind}_r is null",
        "label_for_charts": "unknown",
        "is_null_level": True,
    }
    known = [
        {
            "sql_condition": level.sql.format(c=kind),
            "label_for_charts": f"{level.says} {position}",
            "m_probability": m,
            "u_probability": u,
            **({"tf_adjustment_column": kind} if level.weighs_rarity else {}),
        }
        for position, (level, (m, u)) in enumerate(zip(chosen, weights, strict=True))
    ]
    return {"output_column_name": kind, "comparison_levels": [unknown, *known]}


def agreement_sql(kind: str, chosen: Sequence[Level]) -> str:
    """Return SQL that names the kind if the two records agree on it, null otherwise."""
    cases = " ".join(
        f"when gamma_{kind} = {len(chosen) - 1 - position} then '{kind}{mark}'"
        for position, level in enumerate(chosen)
        if (mark := {SAME: "", NEAR: " (near)"}.get(level.says)) is not None
    )
    return f"case {cases} end"


def apart_sql(chosen: Mapping[str, Sequence[Level]]) -> str:
    """Return SQL for what tells a pair from two of one household, in bits.

    Null in a table that knows nothing of the kind.
    """
    told = {kind: KINDS[kind].tells_apart for kind in chosen}
    if math.inf not in told.values():
        return "null"
    return " + ".join(
        f"least({_bits(kind, chosen[kind])}, {most})"
        if most < math.inf
        else _bits(kind, chosen[kind])
        for kind, most in told.items()
        if most > 0
    )


def _bits(kind: str, of: Sequence[Level]) -> str:
    rarity = f" + mw_tf_adj_{kind}" if any(level.weighs_rarity for level in of) else ""
    return f"(mw_{kind}{rarity})"
