"""Texts, JSON and time: what Spark does otherwise than DuckDB, a rule a construct."""

import json
from typing import Any

from sqlglot import exp

from translation.trees import Rule, call, refused, spark, words


def regexp_replace(node: exp.Expr) -> exp.Expr:
    """DuckDB replaces the first unless it is told `g`; Spark replaces all."""
    flags = node.args.get("modifiers")
    if flags is None or flags.name != "g":
        raise refused(node, "regexp_replace of the first")
    node.set("modifiers", None)
    return node


def regexp_extract(node: exp.Expr) -> exp.Expr:
    """The whole match unless a group is named; Spark's default is the first group."""
    group = node.args.get("group") or exp.Literal.number(0)
    return call("regexp_extract", node.this, node.expression, group)


def regexp_full_match(node: exp.Expr) -> exp.Expr:
    """All of a text, and not a part of it."""
    return spark("(:x rlike concat('^(?:', :p, ')$'))", x=node.this, p=node.expression)


FORMATS = {
    "%Y": "yyyy",
    "%Y-%m-%d": "yyyy-MM-dd",
    "%Y-%m-%dT%H:%M": "yyyy-MM-dd'T'HH:mm",
    "%Y-%m-%dT%H:%M:%S": "yyyy-MM-dd'T'HH:mm:ss",
}


def strftime(node: exp.Expr) -> exp.Expr:
    """sqlglot leaves letters of the text unquoted, and Spark reads them as a format."""
    written = node.args["format"].name
    if written not in FORMATS:
        raise refused(node, f"strftime with {written}")
    return call("date_format", node.this, exp.Literal.string(FORMATS[written]))


def url_encode(node: exp.Expr) -> exp.Expr:
    """Spark writes the form of HTML: a blank as `+`, `*` as it is, `~` as %7E."""
    (text,) = words(node)
    return spark(
        "replace(replace(replace(:x, '+', '%20'), '*', '%2A'), '%7E', '~')",
        x=call("url_encode", text),
    )


def url_decode(node: exp.Expr) -> exp.Expr:
    """Spark reads the form of HTML, in which `+` is a blank."""
    (text,) = words(node)
    return call("url_decode", spark("replace(:x, '+', '%2B')", x=text))


def like(node: exp.Expr) -> exp.Expr:
    """A backslash is itself; in Spark it takes the meaning from what follows it."""
    pattern = node.expression
    if not pattern.is_string or "\\" in pattern.name:
        node.set("expression", spark(r"replace(:p, '\\', '\\\\')", p=pattern))
    return node


def json_text(node: exp.Expr) -> exp.Expr:
    """A computed name is the key itself, or `'$."' || key || '"'`; Spark wants a path."""
    path = node.expression
    if isinstance(path, exp.JSONPath):
        return node
    key = path
    if isinstance(path, exp.DPipe):
        first, *middle, last = path.flatten()
        if first.name != '$."' or last.name != '"' or len(middle) != 1:
            raise refused(node, "a computed JSON path")
        (key,) = middle
    return spark(r"get_json_object(:x, concat('$[\'', :k, '\']'))", x=node.this, k=key)


def json_object(node: exp.Expr) -> exp.Expr:
    """What is null stays in the object, as null."""
    pairs = [part for pair in node.expressions for part in (pair.this, pair.expression)]
    return spark("to_json(:s, map('ignoreNullFields', 'false'))", s=call("named_struct", *pairs))


def json_merge(node: exp.Expr) -> exp.Expr:
    """The second object's values stand over the first's, and its nulls take them out."""
    one, other = words(node)
    return spark(
        "to_json(map_concat(map_filter(:a, (k, v) -> not map_contains_key(:b, k)),"
        " map_filter(:b, (k, v) -> not is_variant_null(v))))",
        a=spark("from_json(:x, 'map<string, variant>')", x=one),
        b=spark("from_json(:x, 'map<string, variant>')", x=other),
    )


TYPES = {
    "varchar": "string",
    "json": "string",
    "bigint": "bigint",
    "double": "double",
    "map(varchar, double)": "map<string, double>",
}


def _type(shape: Any) -> str:
    if isinstance(shape, list):
        return f"array<{_type(shape[0])}>"
    if isinstance(shape, dict):
        fields = ", ".join(f"{name}: {_type(kind)}" for name, kind in shape.items())
        return f"struct<{fields}>"
    return TYPES[shape]


def from_json(node: exp.Expr) -> exp.Expr:
    """DuckDB's shape is JSON, Spark's is a type."""
    shape = node.expression.name
    if not isinstance(node.this, exp.JSONExtract):
        try:
            return spark(f"from_json(:x, '{_type(json.loads(shape))}')", x=node.this)
        except KeyError as unknown:
            raise refused(node, f"from_json of {shape}") from unknown
    # A value of each object of a list: Spark's path would give a list of one without its brackets.
    path, _, key = node.this.expression.sql(dialect="duckdb").strip("'").partition("[*].")
    if not key.isidentifier():
        raise refused(node, "from_json of a path")
    return spark(
        f"transform(from_json(get_json_object(:x, '{path}'), 'array<struct<{key}: string>>'),"
        f" e -> e.{key})",
        x=node.this.this,
    )


def timezone(node: exp.Expr) -> exp.Expr:
    """A zone's wall clock and back; in a session of UTC a moment is its UTC wall clock."""
    zone, moment = words(node)
    if zone.is_string and zone.name == "UTC":
        if moment.meta.get("instant"):
            return moment
        utc = spark("cast(:x as timestamp)", x=moment)
        utc.meta["utc"] = True
        return utc
    # The inner call is translated first.
    if moment.meta.get("utc"):
        return call("from_utc_timestamp", moment, zone)
    around = node.parent
    if isinstance(around, exp.Anonymous) and [w.name for w in around.expressions[:1]] == ["UTC"]:
        return _instant(moment, zone)
    raise refused(node, "timezone that leads neither to UTC nor from it")


def _instant(local: exp.Expr, zone: exp.Expr) -> exp.Expr:
    """Of an hour that a zone has twice DuckDB takes the second, and Spark the first."""
    first = call("to_utc_timestamp", local, zone)
    made = spark(
        "case when from_utc_timestamp(:first + interval 1 hour, :zone) = :local"
        " then :first + interval 1 hour else :first end",
        first=first, local=local, zone=zone,
    )  # fmt: skip
    made.meta["instant"] = True
    return made


def epoch_ms(node: exp.Expr) -> exp.Expr:
    """Milliseconds since 1970 as a moment."""
    if node.args.get("scale") != exp.UnixToTime.MILLIS:
        raise refused(node, "a moment of another unit than milliseconds")
    return call("timestamp_millis", node.this)


def to_interval(unit: str) -> Rule:
    """Return the rule of to_days and its like, which Spark does not have."""
    places = {"days": ":n", "hours": "0, :n", "minutes": "0, 0, :n", "seconds": "0, 0, 0, :n"}

    def rule(node: exp.Expr) -> exp.Expr:
        amount = node.this if isinstance(node, exp.ToDays) else node.expressions[0]
        return spark(f"make_dt_interval({places[unit]})", n=amount)

    return rule


_SECONDS = {"second": 1, "minute": 60, "hour": 3600}

_MONTHS = {"month": 1, "quarter": 3}


def date_diff(node: exp.Expr) -> exp.Expr:
    """DuckDB counts the bounds that lie between; Spark whole units that have passed."""
    unit = node.args["unit"].name.lower()
    end, start = node.this, node.expression
    if unit in _SECONDS:
        one = f"cast(floor(unix_seconds(cast(:x as timestamp)) / {_SECONDS[unit]}) as bigint)"
    elif unit == "day":
        return spark("datediff(cast(:b as date), cast(:a as date))", a=start, b=end)
    elif unit in _MONTHS:
        one = f"cast(floor((year(:x) * 12 + month(:x) - 1) / {_MONTHS[unit]}) as bigint)"
    elif unit == "year":
        one = "year(:x)"
    else:
        raise refused(node, f"date_diff of {unit}")
    return spark("(:b - :a)", b=spark(one, x=end), a=spark(one, x=start))


def isodow(node: exp.Expr) -> exp.Expr:
    """Monday is one; what sqlglot writes is two days off."""
    return spark("(weekday(:x) + 1)", x=node.this)


RULES: dict[type[exp.Expr], Rule] = {
    exp.RegexpReplace: regexp_replace,
    exp.RegexpExtract: regexp_extract,
    exp.RegexpFullMatch: regexp_full_match,
    exp.Like: like,
    exp.ILike: like,
    exp.JSONExtractScalar: json_text,
    exp.JSONObject: json_object,
    exp.FromJson: from_json,
    exp.TimeToStr: strftime,
    exp.ToDays: to_interval("days"),
    exp.DateDiff: date_diff,
    exp.UnixToTime: epoch_ms,
    exp.DayOfWeekIso: isodow,
}
NAMED: dict[str, Rule] = {
    "url_encode": url_encode,
    "url_decode": url_decode,
    "json_merge_patch": json_merge,
    "timezone": timezone,
    "to_hours": to_interval("hours"),
    "to_minutes": to_interval("minutes"),
    "to_seconds": to_interval("seconds"),
}
