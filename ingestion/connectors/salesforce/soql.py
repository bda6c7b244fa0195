"""The little of SOQL that the emulator understands: fields of one object under conditions."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = dict[str, Any]

STATEMENT = re.compile(r"SELECT (?P<fields>[\w, ]+) FROM (?P<kind>\w+)(?: WHERE (?P<where>.+))?$")
COMPARISON = re.compile(r"(?P<field>\w+) (?P<sign><|>=) (?P<moment>[\dT:-]+Z)$")
MEMBERSHIP = re.compile(r"(?P<field>\w+) IN \((?P<values>'[^()]*')\)$")
SIGNS: dict[str, Callable[[datetime, datetime], bool]] = {
    "<": lambda value, bound: value < bound,
    ">=": lambda value, bound: value >= bound,
}


class Malformed(ValueError):
    """A query that is not understood."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What one field of a record has to be."""

    field: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """A query for fields of one object."""

    kind: str
    fields: tuple[str, ...]
    conditions: tuple[Condition, ...]

    @property
    def named(self) -> set[str]:
        """Every field that the query names."""
        return {*self.fields, *(condition.field for condition in self.conditions)}

    def matches(self, record: Row) -> bool:
        """Tell whether a record meets every condition."""
        return all(condition.holds(record[condition.field]) for condition in self.conditions)


def parse(soql: str) -> Query:
    """Return what a statement asks for; raise `Malformed` where it is not understood."""
    read = STATEMENT.match(soql)
    if read is None:
        raise Malformed(f"unexpected token: {soql[:40]}")
    conditions = read["where"].split(" AND ") if read["where"] else []
    fields = tuple(name.strip() for name in read["fields"].split(","))
    return Query(read["kind"], fields, tuple(map(_condition, conditions)))


def _condition(text: str) -> Condition:
    if compared := COMPARISON.match(text):
        bound, compare = datetime.fromisoformat(compared["moment"]), SIGNS[compared["sign"]]
        return Condition(
            compared["field"], lambda value: compare(datetime.fromisoformat(value), bound)
        )
    if member := MEMBERSHIP.match(text):
        values = {value.strip().strip("'") for value in member["values"].split(",")}
        return Condition(member["field"], lambda value: value in values)
    raise Malformed(f"unexpected token: {text[:40]}")
