"""How a rule makes Spark's expressions, and how it refuses."""

from collections.abc import Callable

from sqlglot import exp, parse_one
from sqlglot.dialects.spark import Spark

Rule = Callable[[exp.Expr], exp.Expr]


class Untranslatable(Exception):
    """A construct of DuckDB that nobody compared with Spark yet, and where it stands."""

    def __init__(self, construct: str, sql: str) -> None:
        self.construct, self.sql = construct, sql
        super().__init__(
            f"{construct} has no reviewed form on Spark: {sql[:120]}; compare it on both engines "
            "and name it in translation/"
        )


def spark(text: str, **parts: exp.Expr) -> exp.Expr:
    """Return Spark's expression with its named parts put in their places."""
    tree = parse_one(text, dialect=Spark)
    if isinstance(tree, exp.Placeholder):
        return parts[tree.name].copy()
    for place in list(tree.find_all(exp.Placeholder)):
        place.replace(parts[place.name].copy())
    return tree


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """Return a call of one of Spark's functions, its name as it is written."""
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def refused(node: exp.Expr, construct: str) -> Untranslatable:
    """Return the refusal of a node under the name of what is not reviewed in it."""
    return Untranslatable(construct, node.sql(dialect="duckdb"))


def around(node: exp.Expr) -> exp.Expr:
    """Return what a node is a part of."""
    assert node.parent is not None, node
    return node.parent


def words(node: exp.Expr) -> list[exp.Expr]:
    """Return the arguments of a function without a class of its own."""
    return list(node.expressions)
