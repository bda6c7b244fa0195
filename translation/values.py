"""Numbers, aggregates and lists: what Spark does otherwise than DuckDB, a rule a construct.

A rule takes a node of DuckDB's tree, its parts already translated, and returns Spark's; its first
line says what would differ without it. Texts of SQL are Spark's, `:name` stands for a part.
"""

from sqlglot import exp

from translation.trees import Rule, around, call, refused, spark, words


def div(node: exp.Expr) -> exp.Expr:
    """DuckDB divides doubles; Spark would divide decimals as decimals, and round."""
    return exp.Div(this=spark("cast(:x as double)", x=node.this), expression=node.expression)


def avg(node: exp.Expr) -> exp.Expr:
    """Spark's mean of decimals is a decimal, four places longer than they are."""
    if isinstance(node.this, exp.Distinct):
        raise refused(node, "avg(distinct)")
    return exp.Avg(this=spark("cast(:x as double)", x=node.this))


def cast(node: exp.Expr) -> exp.Expr:
    """A whole number is made by rounding, halves to even, where Spark cuts; JSON is text.

    Which branch it is, Spark sees from the type before it runs.
    """
    kind = node.args["to"]
    if kind.is_type(exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ, exp.DType.TIMESTAMPTZ):
        # One kind of moment, in a session whose zone is UTC.
        kind.replace(exp.DataType.build("TIMESTAMPTZ"))
    elif kind.is_type(exp.DType.JSON):
        kind.replace(exp.DataType.build("TEXT"))
    elif kind.is_type(exp.DType.INT128):
        kind.replace(exp.DataType.build("BIGINT"))
        return cast(node)
    elif kind.is_type(exp.DType.BIT):
        return node  # only ever a part of `xor`
    elif kind.is_type(*exp.DataType.INTEGER_TYPES) and not isinstance(node.this, exp.Null):
        whole = kind.sql(dialect="spark")
        trying = "try_cast" if isinstance(node, exp.TryCast) else "cast"
        return spark(
            f"case when typeof(:x) in ('double', 'float')"
            f" then {trying}(bround({trying}(:x as double)) as {whole})"
            f" when typeof(:x) like 'decimal%'"
            f" then {trying}(round({trying}(:x as decimal(38, 9))) as {whole})"
            f" else {trying}(:x as {whole}) end",
            x=node.this,
        )
    return node


def rounded(node: exp.Expr) -> exp.Expr:
    """DuckDB multiplies, rounds and divides; Spark rounds the shortest decimal of a double."""
    places = node.args.get("decimals")
    if places is None:
        return node
    if not places.is_int:
        raise refused(node, "round to a computed number of places")
    return spark(
        "case when typeof(:x) in ('double', 'float')"
        f" then round(cast(:x as double) * 1e{places.name}) / 1e{places.name}"
        f" else cast(round(:x, {places.name}) as double) end",
        x=node.this,
    )


def product(node: exp.Expr) -> exp.Expr:
    """Spark multiplies no rows; a list of them is folded."""
    (factor,) = words(node)
    return spark(
        "aggregate(collect_list(:x), cast(1 as double), (a, b) -> a * b)",
        x=spark("cast(:x as double)", x=factor),
    )


def hash_(node: exp.Expr) -> exp.Expr:
    """Any hash serves that keeps apart what differs: Spark's passes over nulls; they are told."""
    return call(
        "xxhash64", *(part for x in words(node) for part in (x, spark("(:x is null)", x=x)))
    )


def ignore_nulls(node: exp.Expr) -> exp.Expr:
    """any_value is the first that is there; Spark has an argument for it."""
    if isinstance(node.this, exp.AnyValue):
        return call("any_value", node.this.this, exp.true())
    return node


def arg_extreme(name: str) -> Rule:
    """Return the rule of arg_max or arg_min, which pass over rows without the value they give."""

    def rule(node: exp.Expr) -> exp.Expr:
        if node.args.get("count"):
            raise refused(node, f"{name} of several")
        return spark(
            f"{name}(:x, case when :x is not null then :y end)", x=node.this, y=node.expression
        )

    return rule


def list_(node: exp.Expr) -> exp.Expr:
    """A list keeps its nulls and its order; Spark's drops the first and knows no second."""
    of = node.this
    if isinstance(of, exp.Distinct):
        (value,) = of.expressions
        return spark("transform(collect_set(struct(:x as v)), s -> s.v)", x=value)
    if not isinstance(of, exp.Order):
        return spark("transform(collect_list(struct(:x as v)), s -> s.v)", x=of)
    keys = []
    for number, key in enumerate(of.expressions):
        if key.args.get("desc"):
            raise refused(node, "list(.. order by .. desc)")
        missing, there = spark("(:x is null)", x=key.this), key.this
        keys += [exp.alias_(missing, f"n{number}"), exp.alias_(there.copy(), f"k{number}")]
    rows = call("struct", *keys, exp.alias_(of.this.copy(), "v"))
    return spark("transform(array_sort(collect_list(:rows)), s -> s.v)", rows=rows)


def element(node: exp.Expr) -> exp.Expr:
    """What a list does not have is null, counted from one; Spark counts from nought, and fails."""
    (index,) = words(node)
    if index.is_string:
        return node
    return call("try_element_at", node.this, spark("nullif(cast(:i as int), 0)", i=index))


def list_contains(node: exp.Expr) -> exp.Expr:
    """A null in the list does not make the answer unknown."""
    return call("array_contains", call("array_compact", node.this), node.expression)


def list_concat(node: exp.Expr) -> exp.Expr:
    """A list that is null adds nothing."""
    lists = [node.this, *words(node)]
    return call("concat", *(spark("coalesce(:x, array())", x=x) for x in lists))


def list_reduce(node: exp.Expr) -> exp.Expr:
    """DuckDB's fold, with what it begins with at the end."""
    if len(node.expressions) != 3:
        raise refused(node, "list_reduce without a beginning")
    rows, step, begin = node.expressions
    return call("aggregate", rows, begin, step)


def list_sum(node: exp.Expr) -> exp.Expr:
    """Spark adds rows up, not lists. Here of doubles."""
    return spark("aggregate(:l, cast(0 as double), (a, b) -> a + b)", l=node.expressions[0])


def length(node: exp.Expr) -> exp.Expr:
    """`len` is of a list here, `length` of a text."""
    return call("array_size", node.this) if node.meta["called"] == "len" else node


def list_has_any(node: exp.Expr) -> exp.Expr:
    """A null in the lists does not make the answer unknown."""
    return call(
        "arrays_overlap",
        call("array_compact", node.this),
        call("array_compact", node.expression),
    )


def list_has_all(node: exp.Expr) -> exp.Expr:
    """Spark asks for each element."""
    all_, asked = words(node)
    return spark("forall(:b, e -> array_contains(array_compact(:a), e))", a=all_, b=asked)


def list_position(node: exp.Expr) -> exp.Expr:
    """What is not in the list has no place; Spark says nought."""
    return spark("nullif(:p, 0)", p=call("array_position", *words(node)))


def series(node: exp.Expr) -> exp.Expr:
    """A range ends before its end, and may be empty; Spark's sequence would then count down."""
    start, end, step = node.args["start"], node.args["end"], node.args.get("step")
    if isinstance(node.parent, exp.Table):
        if step is not None or not node.args.get("is_end_exclusive"):
            raise refused(node, "a series as a table")
        return call("range", start, end)
    if step is not None:
        if node.args.get("is_end_exclusive"):
            raise refused(node, "a range with a step")
        return spark(
            "case when :a <= :b then sequence(cast(:a as timestamp), cast(:b as timestamp), :s)"
            " else array() end",
            a=start, b=end, s=step,
        )  # fmt: skip
    last = spark(":b - 1", b=end) if node.args.get("is_end_exclusive") else end
    return spark(
        "case when :a <= :b then sequence(cast(:a as bigint), cast(:b as bigint)) else array() end",
        a=start, b=spark("(:b)", b=last),
    )  # fmt: skip


def lambda_(node: exp.Expr) -> exp.Expr:
    """In an argument `column -> path` is read as a function: JSON wants its function written."""
    of_a_list = isinstance(around(node), exp.Transform | exp.ArrayFilter)
    if not of_a_list and around(node).name != "list_reduce":
        raise refused(node, "`->` in an argument")
    if of_a_list and len(node.expressions) > 1:
        raise refused(node, "a place in a list")  # counted from one, Spark's from nought
    return node


def xor_of_bytes(node: exp.Expr) -> exp.Expr:
    """Spark crosses numbers, not strings of bytes: byte by byte, and none too many or too few."""
    one, other = (
        side.this if isinstance(side, exp.Cast) else side for side in (node.this, node.expression)
    )
    return spark(
        "unhex(array_join(transform(sequence(1, case when length(:a) = length(:b) then length(:a)"
        " else raise_error('xor of texts of different lengths') end), i -> lpad(hex("
        "cast(conv(hex(substring(:a, i, 1)), 16, 10) as int) ^"
        " cast(conv(hex(substring(:b, i, 1)), 16, 10) as int)), 2, '0')), ''))",
        a=one, b=other,
    )  # fmt: skip


RULES: dict[type[exp.Expr], Rule] = {
    exp.Div: div,
    exp.Avg: avg,
    exp.Cast: cast,
    exp.TryCast: cast,
    exp.Round: rounded,
    # sqlglot writes a function that Spark does not have.
    exp.PercentileCont: lambda node: call("percentile", node.this, node.expression),
    exp.IgnoreNulls: ignore_nulls,
    exp.ArgMax: arg_extreme("max_by"),
    exp.ArgMin: arg_extreme("min_by"),
    exp.ArrayAgg: list_,
    exp.Bracket: element,
    exp.ArrayContains: list_contains,
    exp.ArrayConcat: list_concat,
    exp.ArrayOverlaps: list_has_any,
    exp.GenerateSeries: series,
    exp.Lambda: lambda_,
    exp.Length: length,
    exp.BitwiseXor: xor_of_bytes,
}
# Functions that sqlglot has no class for.
NAMED: dict[str, Rule] = {
    "product": product,
    "hash": hash_,
    "arg_max_null": lambda node: call("max_by", *node.expressions),
    "arg_min_null": lambda node: call("min_by", *node.expressions),
    "map_values": lambda node: call("map_values", *node.expressions),
    "list_reduce": list_reduce,
    "list_sum": list_sum,
    "list_has_all": list_has_all,
    "list_position": list_position,
    # Nulls do not count, and of nothing it is null.
    "list_bool_or": lambda node: call("array_max", *node.expressions),
}
