"""What Spark does otherwise than DuckDB, a rule a construct: each says what would differ without it.

A rule takes a node of DuckDB's tree, its parts already translated, and returns Spark's. Texts of
SQL here are Spark's, `:name` stands for a part.
"""

from collections.abc import Callable

from sqlglot import exp, parse_one
from sqlglot.dialects.spark import Spark

Rule = Callable[[exp.Expression], exp.Expression]


class Untranslatable(Exception):
    """A construct of DuckDB that nobody compared with Spark yet, and where it stands."""

    def __init__(self, construct: str, sql: str) -> None:
        self.construct, self.sql = construct, sql
        super().__init__(
            f"{construct} has no reviewed form on Spark: {sql[:120]}; compare it on both engines "
            "and name it in translation/"
        )


def spark(text: str, **parts: exp.Expression) -> exp.Expression:
    """Return Spark's expression with its named parts put in their places."""
    tree = parse_one(text, dialect=Spark)
    if isinstance(tree, exp.Placeholder):
        return parts[tree.name].copy()
    for place in list(tree.find_all(exp.Placeholder)):
        place.replace(parts[place.name].copy())
    return tree


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    """Return a call of one of Spark's functions, its name as it is written."""
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def refused(node: exp.Expression, construct: str) -> Untranslatable:
    """Return the refusal of a node under the name of what is not reviewed in it."""
    return Untranslatable(construct, node.sql(dialect="duckdb"))


def _words(node: exp.Expression) -> list[exp.Expression]:
    return list(node.expressions)


# ---------- numbers


def div(node: exp.Expression) -> exp.Expression:
    """DuckDB divides doubles; Spark would divide decimals as decimals, and round."""
    return exp.Div(this=spark("cast(:x as double)", x=node.this), expression=node.expression)


def avg(node: exp.Expression) -> exp.Expression:
    """Spark's mean of decimals is a decimal, four places longer than they are."""
    if isinstance(node.this, exp.Distinct):
        raise refused(node, "avg(distinct)")
    return exp.Avg(this=spark("cast(:x as double)", x=node.this))


def cast(node: exp.Expression) -> exp.Expression:
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
            f" when typeof(:x) like 'decimal%' then {trying}(round({trying}(:x as decimal(38, 9))) as {whole})"
            f" else {trying}(:x as {whole}) end",
            x=node.this,
        )
    return node


def rounded(node: exp.Expression) -> exp.Expression:
    """DuckDB multiplies, rounds and divides; Spark rounds the shortest decimal that a double has."""
    places = node.args.get("decimals")
    if places is None:
        return node
    if not places.is_int:
        raise refused(node, "round to a computed number of places")
    return spark(
        f"case when typeof(:x) in ('double', 'float') then round(cast(:x as double) * 1e{places.name})"
        f" / 1e{places.name} else cast(round(:x, {places.name}) as double) end",
        x=node.this,
    )


def percentile(node: exp.Expression) -> exp.Expression:
    """The same interpolation by another name; sqlglot writes one that Spark does not have."""
    return call("percentile", node.this, node.expression)


def product(node: exp.Expression) -> exp.Expression:
    """Spark multiplies no rows; a list of them is folded."""
    (factor,) = _words(node)
    return spark(
        "aggregate(collect_list(:x), cast(1 as double), (a, b) -> a * b)",
        x=spark("cast(:x as double)", x=factor),
    )


def hash_(node: exp.Expression) -> exp.Expression:
    """Any hash serves that keeps apart what differs: Spark's passes over nulls, so they are told."""
    return call(
        "xxhash64", *(part for x in _words(node) for part in (x, spark("(:x is null)", x=x)))
    )


# ---------- aggregates


def ignore_nulls(node: exp.Expression) -> exp.Expression:
    """any_value is the first that is there; Spark has an argument for it that a filter may follow."""
    if isinstance(node.this, exp.AnyValue):
        return call("any_value", node.this.this, exp.true())
    return node


def arg_extreme(name: str) -> Rule:
    """Return the rule of arg_max or arg_min, which pass over rows without the value they give."""

    def rule(node: exp.Expression) -> exp.Expression:
        if node.args.get("count"):
            raise refused(node, f"{name} of several")
        return spark(
            f"{name}(:x, case when :x is not null then :y end)", x=node.this, y=node.expression
        )

    return rule


def list_(node: exp.Expression) -> exp.Expression:
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


def window(node: exp.Expression) -> exp.Expression:
    """Over a window Spark takes no filter, and a rank wants an order that DuckDB does without."""
    counted = node.this
    if isinstance(counted, exp.Filter):
        node.set("this", _where(counted))
    named = node.args.get("alias")
    if named is not None and (node.args.get("order") or node.args.get("partition_by")):
        _spell_out(node, named.name)
    if isinstance(node.this, exp.RowNumber) and not node.args.get("order") and named is None:
        # Spark makes a CTE anew where it is read, and may number its rows in another order then.
        raise refused(node, "row_number without an order")
    if isinstance(node.this, exp.RowNumber | exp.Rank | exp.DenseRank | exp.Ntile):
        return spark("cast(:x as bigint)", x=node)  # Spark's is narrower, and overflows when multiplied
    if isinstance(node.this, exp.Median) and node.args.get("spec"):
        return _median_of_frame(node)
    # `product` folds a list, which is what is made over the window.
    if isinstance(node.this, exp.Reduce):
        return _folded(node)
    return node


def _over(node: exp.Expression, made: exp.Expression) -> exp.Expression:
    around = node.copy()
    around.set("this", made.copy())
    return around


def _folded(node: exp.Expression) -> exp.Expression:
    fold = node.this.copy()
    (made,) = fold.find_all(exp.ArrayAgg)
    made.replace(_over(node, made))
    return fold


def _median_of_frame(node: exp.Expression) -> exp.Expression:
    """Spark's median takes no frame: the middle of the list that the frame makes."""
    rows = spark("array_sort(collect_list(cast(:x as double)))", x=node.this.this)
    (made,) = rows.find_all(exp.ArrayAgg)
    made.replace(_over(node, made))
    return spark(
        "case when array_size(:l) > 0 then"
        " (try_element_at(:l, cast((array_size(:l) + 1) div 2 as int))"
        " + try_element_at(:l, cast((array_size(:l) + 2) div 2 as int))) / 2 end",
        l=rows,
    )


def _where(filtered: exp.Filter) -> exp.Expression:
    aggregate, condition = filtered.this.copy(), filtered.expression.this
    inner = aggregate.this if isinstance(aggregate, exp.IgnoreNulls) else aggregate
    if isinstance(inner, exp.Anonymous):
        value = inner.expressions[0]
    elif isinstance(inner, exp.Count | exp.Sum | exp.Avg | exp.Min | exp.Max | exp.LogicalOr):
        value = inner.this
    else:
        raise refused(filtered, f"{type(inner).__name__} filtered over a window")
    kept = exp.Literal.number(1) if isinstance(value, exp.Star) else value
    value.replace(spark("case when :c then :x end", c=condition, x=kept))
    return aggregate


def _spell_out(node: exp.Expression, name: str) -> None:
    """Put a named window where another builds on it: Spark takes a name alone."""
    select = node.find_ancestor(exp.Select)
    for one in (select.args.get("windows") if select else None) or []:
        if one.name == name:
            for part in ("partition_by", "order", "spec"):
                if one.args.get(part) and not node.args.get(part):
                    given = one.args[part]
                    node.set(part, [p.copy() for p in given] if isinstance(given, list) else given.copy())
            node.set("alias", None)
            return
    raise refused(node, f"window {name}")


# ---------- lists and structs


def element(node: exp.Expression) -> exp.Expression:
    """What a list does not have is null, counted from one; Spark counts from nought, and fails."""
    (index,) = _words(node)
    if index.is_string:
        return node
    return call("try_element_at", node.this, spark("nullif(cast(:i as int), 0)", i=index))


def list_contains(node: exp.Expression) -> exp.Expression:
    """A null in the list does not make the answer unknown."""
    return call("array_contains", call("array_compact", node.this), node.expression)


def list_concat(node: exp.Expression) -> exp.Expression:
    """A list that is null adds nothing."""
    lists = [node.this, *_words(node)]
    return call("concat", *(spark("coalesce(:x, array())", x=x) for x in lists))


def list_reduce(node: exp.Expression) -> exp.Expression:
    """DuckDB's fold, with what it begins with at the end."""
    if len(node.expressions) != 3:
        raise refused(node, "list_reduce without a beginning")
    rows, step, begin = node.expressions
    return call("aggregate", rows, begin, step)


def list_sum(node: exp.Expression) -> exp.Expression:
    """Spark adds rows up, not lists. Here of doubles."""
    return spark(
        "aggregate(:l, cast(0 as double), (a, b) -> a + b)", l=node.expressions[0]
    )


def length(node: exp.Expression) -> exp.Expression:
    """`len` is of a list here, `length` of a text."""
    return call("array_size", node.this) if node.meta["called"] == "len" else node


def qualify(node: exp.Expression) -> exp.Expression:
    """Spark knows it since 4.3; sqlglot would build a query around it in which names are lost."""
    select = node.parent
    if select.args.get("having"):
        raise refused(node, "qualify beside having")
    select.set("qualify", None)
    select.set("having", node.copy())
    return node


def distinct(node: exp.Expression) -> exp.Expression:
    """`distinct on` keeps the first row, and nothing says that Spark's is the same."""
    if node.args.get("on"):
        raise refused(node, "distinct on")
    return node


def list_has_any(node: exp.Expression) -> exp.Expression:
    """A null in the lists does not make the answer unknown."""
    return call(
        "arrays_overlap",
        call("array_compact", node.this),
        call("array_compact", node.expression),
    )


def list_position(node: exp.Expression) -> exp.Expression:
    """What is not in the list has no place; Spark says nought."""
    return spark("nullif(:p, 0)", p=call("array_position", *_words(node)))


def series(node: exp.Expression) -> exp.Expression:
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
            "case when :a <= :b then sequence(cast(:a as timestamp), cast(:b as timestamp), :s) else array() end",
            a=start, b=end, s=step,
        )  # fmt: skip
    last = spark(":b - 1", b=end) if node.args.get("is_end_exclusive") else end
    return spark(
        "case when :a <= :b then sequence(cast(:a as bigint), cast(:b as bigint)) else array() end",
        a=start, b=spark("(:b)", b=last),
    )  # fmt: skip


def select(node: exp.Expression) -> exp.Expression:
    """Several lists are unnested side by side, or one within an expression, by a lateral view.

    A view comes before what is counted over a window and `unnest` after it, so that where a select
    has both, its rows are made first, in a select of their own.
    """
    made = [u for u in node.find_all(exp.Explode) if _is_of(node, u)]
    plain = all(isinstance(u.parent, exp.Alias) and u.parent.parent is node for u in made)
    counts = [w for w in node.find_all(exp.Window, exp.AggFunc) if _is_of(node, w)]
    windows = any(isinstance(w, exp.Window) for w in counts)
    if not made or (len(made) == 1 and plain and not windows):
        return node
    if counts:
        is_ordered = node.args.get("order") or node.args.get("limit")
        if not plain or is_ordered or any(projection.is_star for projection in node.expressions):
            raise refused(node, "unnest in an expression, beside what is counted")
        return _unnested_after(node, made)
    names = [f"_unnested_{number}" for number, _ in enumerate(made)]
    view = _view(names, [u.this for u in made])
    for unnest, name in zip(made, names, strict=True):
        unnest.replace(exp.column(name))
    node.append("laterals", view)
    return node


def _unnested_after(node: exp.Expression, made: list[exp.Expression]) -> exp.Expression:
    lists = {unnest.parent.alias for unnest in made}
    names = [projection.alias_or_name for projection in node.expressions]
    for unnest in made:
        unnest.replace(unnest.this)
    each = {name: f"_unnested_{number}" for number, name in enumerate(sorted(lists))}
    outer = exp.select(
        *(exp.alias_(exp.column(each[n]), n) if n in lists else exp.column(n) for n in names)
    ).from_(exp.Subquery(this=node.copy(), alias=exp.TableAlias(this=exp.to_identifier("_listed"))))
    outer.append("laterals", _view(list(each.values()), [exp.column(name) for name in each]))
    return outer


def _view(names: list[str], lists: list[exp.Expression]) -> exp.Lateral:
    columns = [exp.to_identifier(name) for name in names]
    alias = exp.TableAlias(this=exp.to_identifier("_unnested"), columns=columns)
    return exp.Lateral(this=call("inline", call("arrays_zip", *lists)), view=True, alias=alias)


def recursion(node: exp.Expression) -> exp.Expression:
    """Spark's recursion keeps what it found before: it is told apart afterwards.

    Where it would go round in a circle, Spark stops with an error at its limit of levels.
    """
    union = node.this
    clause = node.parent
    if not (clause.args.get("recursive") and isinstance(union, exp.Union) and union.args["distinct"]):
        return node
    union.set("distinct", False)
    for table in list(clause.parent.find_all(exp.Table)):
        if table.name == node.alias and not table.args.get("db") and table.find_ancestor(exp.CTE) is not node:
            once = exp.select("*").distinct().from_(exp.to_table(node.alias))
            table.replace(exp.Subquery(this=once, alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name))))
    return node


def unpivot(node: exp.Expression) -> exp.Expression:
    """The statement UNPIVOT is a clause in Spark."""
    into = node.args.get("into")
    if into is None:
        raise refused(node, "pivot")
    (value,) = into.expressions
    columns = ", ".join(column.sql(dialect=Spark) for column in node.expressions)
    return spark(
        f"select * from :source unpivot ({value.name} for {into.this.name} in ({columns}))",
        source=node.this,
    )


def lambda_(node: exp.Expression) -> exp.Expression:
    """In an argument `column -> path` is read as a function: JSON wants its function written."""
    around = node.parent
    if not (isinstance(around, exp.Transform | exp.ArrayFilter) or around.name == "list_reduce"):
        raise refused(node, "`->` in an argument")
    if isinstance(around, exp.Transform | exp.ArrayFilter) and len(node.expressions) > 1:
        raise refused(node, "a place in a list")  # counted from one, Spark's from nought
    return node


def join(node: exp.Expression) -> exp.Expression:
    """The joins of the standard; DuckDB has more, which Spark might take for another alias."""
    method = node.args.get("method")
    if method:
        raise refused(node, f"{method.lower()} join")
    return node


def _is_of(select_: exp.Expression, node: exp.Expression) -> bool:
    return node.find_ancestor(exp.Select) is select_


# ---------- texts


def regexp_replace(node: exp.Expression) -> exp.Expression:
    """DuckDB replaces the first unless it is told `g`; Spark replaces all."""
    flags = node.args.get("modifiers")
    if flags is None or flags.name != "g":
        raise refused(node, "regexp_replace of the first")
    node.set("modifiers", None)
    return node


def regexp_extract(node: exp.Expression) -> exp.Expression:
    """The whole match unless a group is named; Spark's default is the first group."""
    group = node.args.get("group") or exp.Literal.number(0)
    return call("regexp_extract", node.this, node.expression, group)


FORMATS = {
    "%Y": "yyyy",
    "%Y-%m-%d": "yyyy-MM-dd",
    "%Y-%m-%dT%H:%M": "yyyy-MM-dd'T'HH:mm",
    "%Y-%m-%dT%H:%M:%S": "yyyy-MM-dd'T'HH:mm:ss",
}


def strftime(node: exp.Expression) -> exp.Expression:
    """sqlglot leaves letters of the text unquoted, and Spark reads them as a format."""
    written = node.args["format"].name
    if written not in FORMATS:
        raise refused(node, f"strftime with {written}")
    return call("date_format", node.this, exp.Literal.string(FORMATS[written]))


def url_encode(node: exp.Expression) -> exp.Expression:
    """Spark writes the form of HTML: a blank as `+`, `*` as it is, `~` as %7E."""
    (text,) = _words(node)
    return spark(
        "replace(replace(replace(:x, '+', '%20'), '*', '%2A'), '%7E', '~')",
        x=call("url_encode", text),
    )


def url_decode(node: exp.Expression) -> exp.Expression:
    """Spark reads the form of HTML, in which `+` is a blank."""
    (text,) = _words(node)
    return call("url_decode", spark("replace(:x, '+', '%2B')", x=text))


def like(node: exp.Expression) -> exp.Expression:
    """A backslash is itself; in Spark it takes the meaning from what follows it."""
    pattern = node.expression
    if not pattern.is_string or "\\" in pattern.name:
        node.set("expression", spark(r"replace(:p, '\\', '\\\\')", p=pattern))
    return node


# ---------- JSON


def json_text(node: exp.Expression) -> exp.Expression:
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


def json_object(node: exp.Expression) -> exp.Expression:
    """What is null stays in the object, as null."""
    pairs = [part for pair in node.expressions for part in (pair.this, pair.expression)]
    return spark(
        "to_json(:s, map('ignoreNullFields', 'false'))", s=call("named_struct", *pairs)
    )


def json_merge(node: exp.Expression) -> exp.Expression:
    """The second object's values stand over the first's, and its nulls take them out."""
    one, other = _words(node)
    return spark(
        "to_json(map_concat(map_filter(:a, (k, v) -> not map_contains_key(:b, k)),"
        " map_filter(:b, (k, v) -> not is_variant_null(v))))",
        a=spark("from_json(:x, 'map<string, variant>')", x=one),
        b=spark("from_json(:x, 'map<string, variant>')", x=other),
    )


def from_json(node: exp.Expression) -> exp.Expression:
    """DuckDB's shape is JSON, Spark's is a type."""
    shape = node.expression.name.lower()
    if shape not in ('["varchar"]', '["json"]'):
        raise refused(node, f"from_json of {shape}")
    if not isinstance(node.this, exp.JSONExtract):
        return spark("from_json(:x, 'array<string>')", x=node.this)
    # A value of each object of a list: Spark's path would give a list of one without its brackets.
    path, _, key = node.this.expression.sql(dialect="duckdb").strip("'").partition("[*].")
    if not key.isidentifier():
        raise refused(node, "from_json of a path")
    return spark(
        f"transform(from_json(get_json_object(:x, '{path}'), 'array<struct<{key}: string>>'), e -> e.{key})",
        x=node.this.this,
    )


# ---------- time


def timezone(node: exp.Expression) -> exp.Expression:
    """A zone's wall clock and back; in a session of UTC a moment is its UTC wall clock."""
    zone, moment = _words(node)
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


def _instant(local: exp.Expression, zone: exp.Expression) -> exp.Expression:
    """Of an hour that a zone has twice DuckDB takes the second, and Spark the first."""
    first = call("to_utc_timestamp", local, zone)
    made = spark(
        "case when from_utc_timestamp(:first + interval 1 hour, :zone) = :local"
        " then :first + interval 1 hour else :first end",
        first=first, local=local, zone=zone,
    )  # fmt: skip
    made.meta["instant"] = True
    return made


def to_interval(unit: str) -> Rule:
    """Return the rule of to_days and its like, which Spark does not have."""
    places = {"days": ":n", "hours": "0, :n", "minutes": "0, 0, :n", "seconds": "0, 0, 0, :n"}

    def rule(node: exp.Expression) -> exp.Expression:
        amount = node.this if isinstance(node, exp.ToDays) else node.expressions[0]
        return spark(f"make_dt_interval({places[unit]})", n=amount)

    return rule


_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_MONTHS = {"month": 1, "quarter": 3}


def date_diff(node: exp.Expression) -> exp.Expression:
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


# ---------- keys and files


def isodow(node: exp.Expression) -> exp.Expression:
    """Monday is one; what sqlglot writes is two days off."""
    return spark("(weekday(:x) + 1)", x=node.this)


def read_text(node: exp.Expression) -> exp.Expression:
    """A file of one line; Spark reads it when the query runs, as DuckDB does."""
    if not (isinstance(node.parent, exp.Table) and node.expressions[0].is_string):
        raise refused(node, "read_text")
    path = node.expressions[0].name
    return parse_one(f"(select value as content from text.`file://{path}`)", dialect=Spark)


def xor_of_bytes(node: exp.Expression) -> exp.Expression:
    """Spark crosses numbers, not strings of bytes: byte by byte, and none too many or too few."""
    one, other = (side.this if isinstance(side, exp.Cast) else side for side in (node.this, node.expression))
    return spark(
        "unhex(array_join(transform(sequence(1, case when length(:a) = length(:b) then length(:a)"
        " else raise_error('xor of texts of different lengths') end), i -> lpad(hex("
        "cast(conv(hex(substring(:a, i, 1)), 16, 10) as int) ^"
        " cast(conv(hex(substring(:b, i, 1)), 16, 10) as int)), 2, '0')), ''))",
        a=one, b=other,
    )  # fmt: skip
