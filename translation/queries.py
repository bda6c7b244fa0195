"""Windows and the parts of a query: what Spark does otherwise than DuckDB, a rule a construct."""

from sqlglot import exp, parse_one
from sqlglot.dialects.spark import Spark

from translation.trees import Rule, around, call, refused, spark


def window(node: exp.Expr) -> exp.Expr:
    """A rank is a narrower number, a frame has no median, and no window builds on another."""
    named = node.args.get("alias")
    if named is not None and (node.args.get("order") or node.args.get("partition_by")):
        _spell_out(node, named.name)
    if isinstance(node.this, exp.RowNumber) and not node.args.get("order") and named is None:
        # Spark makes a CTE anew where it is read, and may number its rows in another order then.
        raise refused(node, "row_number without an order")
    if isinstance(node.this, exp.RowNumber | exp.Rank | exp.DenseRank | exp.Ntile):
        return spark("cast(:x as bigint)", x=node)
    if isinstance(node.this, exp.Median) and node.args.get("spec"):
        return _median_of_frame(node)
    # `product` folds a list, which is what is made over the window.
    if isinstance(node.this, exp.Reduce):
        return _folded(node)
    return node


def _over(node: exp.Expr, made: exp.Expr) -> exp.Expr:
    window_ = node.copy()
    window_.set("this", made.copy())
    return window_


def _folded(node: exp.Expr) -> exp.Expr:
    fold = node.this.copy()
    (made,) = fold.find_all(exp.ArrayAgg)
    made.replace(_over(node, made))
    return fold


def _median_of_frame(node: exp.Expr) -> exp.Expr:
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


def _spell_out(node: exp.Expr, name: str) -> None:
    """Put a named window where another builds on it: Spark takes a name alone."""
    select = node.find_ancestor(exp.Select)
    for one in (select.args.get("windows") if select else None) or []:
        if one.name == name:
            for part in ("partition_by", "order", "spec"):
                if one.args.get(part) and not node.args.get(part):
                    given = one.args[part]
                    node.set(
                        part, [p.copy() for p in given] if isinstance(given, list) else given.copy()
                    )
            node.set("alias", None)
            return
    raise refused(node, f"window {name}")


def qualify(node: exp.Expr) -> exp.Expr:
    """Spark knows it since 4.3; sqlglot would build a query around it in which names are lost."""
    select = around(node)
    if select.args.get("having"):
        raise refused(node, "qualify beside having")
    select.set("qualify", None)
    select.set("having", node.copy())
    return node


def distinct(node: exp.Expr) -> exp.Expr:
    """`distinct on` keeps the first row, and nothing says that Spark's is the same."""
    if node.args.get("on"):
        raise refused(node, "distinct on")
    return node


def join(node: exp.Expr) -> exp.Expr:
    """The joins of the standard; DuckDB has more, which Spark might take for another alias."""
    method = node.args.get("method")
    if method:
        raise refused(node, f"{method.lower()} join")
    return node


def select(node: exp.Expr) -> exp.Expr:
    """Several lists are unnested side by side, or one within an expression, by a lateral view.

    A view comes before what is counted over a window and `unnest` after it, so that where a select
    has both, its rows are made first, in a select of their own.
    """
    made: list[exp.Expr] = [u for u in node.find_all(exp.Explode) if _is_of(node, u)]
    plain = all(isinstance(around(u), exp.Alias) and around(u).parent is node for u in made)
    counts: list[exp.Expr] = list(node.find_all(exp.Window, exp.AggFunc))
    counts = [w for w in counts if _is_of(node, w)]
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


def _unnested_after(node: exp.Expr, made: list[exp.Expr]) -> exp.Expr:
    lists = {around(unnest).alias for unnest in made}
    names = [projection.alias_or_name for projection in node.expressions]
    for unnest in made:
        unnest.replace(unnest.this)
    each = {name: f"_unnested_{number}" for number, name in enumerate(sorted(lists))}
    outer = exp.select(
        *(exp.alias_(exp.column(each[n]), n) if n in lists else exp.column(n) for n in names)
    ).from_(exp.Subquery(this=node.copy(), alias=exp.TableAlias(this=exp.to_identifier("_listed"))))
    outer.append("laterals", _view(list(each.values()), [exp.column(name) for name in each]))
    return outer


def _view(names: list[str], lists: list[exp.Expr]) -> exp.Lateral:
    columns = [exp.to_identifier(name) for name in names]
    alias = exp.TableAlias(this=exp.to_identifier("_unnested"), columns=columns)
    return exp.Lateral(this=call("inline", call("arrays_zip", *lists)), view=True, alias=alias)


def _is_of(select_: exp.Expr, node: exp.Expr) -> bool:
    return node.find_ancestor(exp.Select) is select_


def recursion(node: exp.Expr) -> exp.Expr:
    """Spark's recursion keeps what it found before: it is told apart afterwards.

    Where it would go round in a circle, Spark stops with an error at its limit of levels.
    """
    node.set("materialized", None)  # Spark decides itself what it makes once
    union = node.this
    clause = around(node)
    if not (
        clause.args.get("recursive") and isinstance(union, exp.Union) and union.args["distinct"]
    ):
        return node
    union.set("distinct", False)
    for table in list(around(clause).find_all(exp.Table)):
        if (
            table.name == node.alias
            and not table.args.get("db")
            and table.find_ancestor(exp.CTE) is not node
        ):
            once = exp.select("*").distinct().from_(exp.to_table(node.alias))
            table.replace(
                exp.Subquery(
                    this=once, alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
                )
            )
    return node


def unpivot(node: exp.Expr) -> exp.Expr:
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


def read_text(node: exp.Expr) -> exp.Expr:
    """A file of one line; Spark reads it when the query runs, as DuckDB does."""
    if not (isinstance(node.parent, exp.Table) and node.expressions[0].is_string):
        raise refused(node, "read_text")
    path = node.expressions[0].name
    return parse_one(f"(select value as content from text.`file://{path}`)", dialect=Spark)


RULES: dict[type[exp.Expr], Rule] = {
    exp.Window: window,
    exp.Select: select,
    exp.Join: join,
    exp.Distinct: distinct,
    exp.CTE: recursion,
    exp.Pivot: unpivot,
    exp.Qualify: qualify,
}
NAMED: dict[str, Rule] = {"read_text": read_text}
