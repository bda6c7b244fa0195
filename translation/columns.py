"""Which columns a query has, and in which order: what `union by name` and `* replace` depend on.

DuckDB knows both; Spark knows neither, so that they are spelled out before they are translated.
"""

from collections.abc import Callable, Mapping

from sqlglot import exp

from translation.trees import refused

# The columns of a table that no query names, asked where it is needed.
Lookup = Callable[[exp.Table], list[str]]
Names = list[str]


def spelled_out(tree: exp.Expr, lookup: Lookup) -> exp.Expr:
    """Return a query without `union by name` and `* replace`; asks for no table without need."""
    if any(map(_needs, tree.walk())):
        _Speller(lookup).query(tree, {})
    for node in tree.walk():
        if _needs(node):
            raise refused(node, "union by name or * replace in that place")
    return tree


def _needs(node: exp.Expr) -> bool:
    return bool(
        (isinstance(node, exp.SetOperation) and node.args.get("by_name"))
        or (isinstance(node, exp.Star) and node.args.get("replace"))
    )


class _Speller:
    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def query(self, query: exp.Expr, known: Mapping[str, Names]) -> Names:
        """Spell out a query, first what it is made of; return its columns."""
        known = dict(known)
        clause = query.args.get("with_")
        recursive = clause is not None and clause.args.get("recursive")
        for cte in clause.expressions if clause else []:
            if recursive and isinstance(cte.this, exp.SetOperation):
                known[cte.alias.lower()] = self.query(cte.this.this, known)
            known[cte.alias.lower()] = self.query(cte.this, known)
        if isinstance(query, exp.SetOperation):
            return self._union(query, known)
        if isinstance(query, exp.Subquery):
            return self.query(query.this, known)
        if isinstance(query, exp.Select):
            return self._select(query, known)
        if isinstance(query, exp.Pivot):
            return self._unpivot(query, known)
        raise refused(query, f"the columns of {type(query).__name__}")

    def _union(self, union: exp.SetOperation, known: Mapping[str, Names]) -> Names:
        left, right = self.query(union.this, known), self.query(union.expression, known)
        if not union.args.get("by_name"):
            return left
        every = [*left, *(name for name in right if name not in left)]
        for part, names in (("this", left), ("expression", right)):
            if names != every:
                union.set(part, _reordered(union.args[part], names, every))
        union.set("by_name", False)
        return every

    def _unpivot(self, pivot: exp.Pivot, known: Mapping[str, Names]) -> Names:
        into = pivot.args["into"]
        gone = {column.name.lower() for column in pivot.expressions}
        kept = [name for name in self.query(pivot.this, known) if name not in gone]
        return [*kept, into.this.name.lower(), into.expressions[0].name.lower()]

    def _select(self, select: exp.Select, known: Mapping[str, Names]) -> Names:
        sources = list(self._sources(select, known))
        names: Names = []
        made: list[exp.Expr] = []
        for projection in select.expressions:
            if projection.is_star:
                columns = list(_of_star(projection, sources))
                names += [name for name, _ in columns]
                star = projection.this if isinstance(projection, exp.Column) else projection
                spelled = [column for _, column in columns]
                made += spelled if star.args.get("replace") else [projection]
            else:
                names.append(projection.alias_or_name.lower())
                made.append(projection)
        select.set("expressions", made)
        return names

    def _sources(self, select: exp.Select, known: Mapping[str, Names]) -> list[tuple[str, Names]]:
        clause = select.args.get("from_")
        joins = [j for j in select.args.get("joins") or [] if j.kind not in ("SEMI", "ANTI")]
        if any(join.args.get("using") for join in joins):
            return (
                [("", [])] if not any(p.is_star for p in select.expressions) else self._no(select)
            )
        parts = [*([clause.this] if clause else []), *(join.this for join in joins)]
        return [(part.alias_or_name.lower(), self._source(part, known, select)) for part in parts]

    def _no(self, select: exp.Select) -> list[tuple[str, Names]]:
        raise refused(select, "a star over join using")

    def _source(self, part: exp.Expr, known: Mapping[str, Names], select: exp.Select) -> Names:
        alias = part.args.get("alias")
        given = [c.name.lower() for c in alias.columns] if alias else []
        if isinstance(part, exp.Subquery):
            return given or self.query(part.this, known)
        if given or not any(projection.is_star for projection in select.expressions):
            return given
        if isinstance(part, exp.Table) and isinstance(part.this, exp.Identifier):
            if not part.args.get("db") and part.name.lower() in known:
                return known[part.name.lower()]
            return [name.lower() for name in self._lookup(part)]
        raise refused(part, "a star over what is no table")


def _of_star(projection: exp.Expr, sources: list[tuple[str, Names]]) -> list[tuple[str, exp.Expr]]:
    star = projection.this if isinstance(projection, exp.Column) else projection
    of = projection.table.lower() if isinstance(projection, exp.Column) else None
    left_out = {column.name.lower() for column in star.args.get("except_") or []}
    replaced = {alias.alias.lower(): alias for alias in star.args.get("replace") or []}
    return [
        (name, replaced[name].copy() if name in replaced else exp.column(name, table=source))
        for source, names in sources
        if of in (None, source)
        for name in names
        if name not in left_out
    ]


def _reordered(side: exp.Expr, names: Names, every: Names) -> exp.Expr:
    """Return one side of a union with the columns of both, in their order; null for none."""
    columns = [exp.column(n) if n in names else exp.alias_(exp.null(), n) for n in every]
    return exp.select(*columns).from_(
        exp.Subquery(this=side.copy(), alias=exp.TableAlias(this=exp.to_identifier("_side")))
    )
