"""DuckDB's SQL as Spark says it, for the constructs that were compared on both engines, no others.

sqlglot knows the two grammars; what it gets wrong silently is put right by a rule. A construct
that is neither in `SAME` nor has a rule is refused by name: nothing passes unproven.
"""

from sqlglot import exp, parse_one
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.spark import Spark
from sqlglot.errors import ErrorLevel, ParseError

from translation import queries, texts, values
from translation.columns import Lookup, spelled_out
from translation.trees import Rule, Untranslatable, refused

# What both engines mean alike, once sqlglot has written Spark's words for it.
SAME = {
    # Queries. The order of nulls is written out by sqlglot.
    "From", "Where", "Group", "Having", "Order", "Ordered", "Limit", "With", "Union", "Except",
    "Subquery", "Table", "TableAlias", "Alias", "Column", "Identifier", "Star", "WindowSpec",
    "Filter", "Values", "Tuple", "UnpivotColumns", "Var", "Paren", "Explode", "Dot",
    # Values and comparisons.
    "Literal", "Null", "Boolean", "DataType", "Interval", "Neg", "Not", "And", "Or", "EQ", "NEQ",
    "GT", "GTE", "LT", "LTE", "Is", "In", "Between", "NullSafeEQ", "NullSafeNEQ", "Exists",
    "Case", "If", "Coalesce", "Nullif", "Greatest", "Least",
    # Numbers.
    "Add", "Sub", "Mul", "Mod", "IntDiv", "Abs", "Floor", "Ceil", "Sqrt", "Pow", "Exp", "Ln", "Pi",
    "Tanh", "Atanh", "BitwiseAnd",
    # Aggregates and windows.
    "Count", "Sum", "Min", "Max", "Median", "StddevSamp", "StddevPop", "LogicalOr", "LogicalAnd",
    "AnyValue", "RowNumber", "Rank", "DenseRank", "Ntile", "Lag", "Lead", "FirstValue", "LastValue",
    "BitwiseXorAgg",
    # Texts.
    "DPipe", "Concat", "ConcatWs", "Lower", "Upper", "Trim", "Replace", "Split", "Substring",
    "Left", "SplitPart", "StartsWith", "Contains", "RegexpLike", "MD5", "SHA2", "Chr", "Encode",
    "Unhex",
    # Lists, structs, JSON.
    "Array", "Transform", "ArrayFilter", "SortArray", "ArrayDistinct", "ArrayToString",
    "ArrayAppend", "MapKeys", "Struct", "PropertyEQ", "JSONKeyValue", "JSONPath", "JSONPathRoot",
    "JSONPathKey", "JSONKeys", "JSONExtract", "JSONPathSubscript", "JSONPathWildcard",
    # Time.
    "TimestampTrunc", "DateTrunc", "Quarter",
}  # fmt: skip

RULES = values.RULES | texts.RULES | queries.RULES
# Functions that sqlglot has no class for.
NAMED = values.NAMED | texts.NAMED | queries.NAMED


class _Written(DuckDB):
    """DuckDB as it is written: an index stays the number that stands there."""

    INDEX_OFFSET = 0


def translated(sql: str, lookup: Lookup) -> str:
    """Return a query of DuckDB as Spark's, or refuse it by the name of what is not reviewed.

    `lookup` tells the columns of a table; few queries depend on them.
    """
    try:
        tree = parse_one(sql, dialect=_Written)
    except ParseError as error:
        raise Untranslatable("what sqlglot can not parse", str(error)) from error
    for length in tree.find_all(exp.Length):
        # sqlglot takes `len` for it too, which is of a list here.
        length.meta["called"] = sql[length.meta["start"] : length.meta["end"] + 1].lower()
    tree = spelled_out(tree, lookup)
    nodes = list(tree.walk(bfs=True))
    for node in nodes:
        _review(node)
    # From the leaves up, so that a rule finds the parts of its node in Spark's words.
    for node in reversed(nodes):
        rule = _rule(node)
        new = rule(node) if rule else node
        if node is tree:
            tree = new
        elif new is not node:
            node.replace(new)
    return tree.sql(dialect=Spark, comments=False, unsupported_level=ErrorLevel.RAISE)


def _name(node: exp.Expr) -> str:
    """Return the name of a construct: a function's that has no class of its own, else the class."""
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        return str(node.this).lower()
    return type(node).__name__


def _rule(node: exp.Expr) -> Rule | None:
    return NAMED.get(_name(node)) or RULES.get(type(node))


def _review(node: exp.Expr) -> None:
    if _name(node) not in SAME and _rule(node) is None:
        raise refused(node, _name(node))
