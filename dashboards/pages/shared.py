"""What panels of several pages share."""

from dashboards.panels import Column, Panel

METRIC = "dictionary.html#metric-{metric}"
BAND = "The band is the 95 % interval; a hollow point is in doubt. Each axis is its own."
AUDIENCE = Column("audience_label", "Audience", link="audience-{page}.html")
# A table of the published file with the names of its audiences; `pages` is made by the site.
NAMED = "from {table} inner join pages using (audience)"
NEWEST = "qualify period_start = max(period_start) filter (where status in ('ok', 'low_n')) over ()"


def initiatives(title: str, such: str = "true", empty: str = "No initiative is declared.") -> Panel:
    """Return a panel of the initiatives that a condition lets through, with what came of each."""
    return Panel(
        title=title,
        sources=("pub_initiatives", "pub_metrics"),
        query=f"""
            select i.label, coalesce(pillar_label, 'no pillar') as pillar,
                coalesce(owner_role, 'nobody') as owner, metric, m.label as metric_label, unit,
                started_on, ended_on, effect, low, high, pre_trend, pre_trend_low, pre_trend_high,
                method, verdict, if(effect is null, verdict, null) as missing,
                coalesce(reason, lacks) as reason
            from pub_initiatives as i left join pub_metrics as m using (metric)
            where {such}
            order by started_on
        """,
        columns=(
            Column("label", "Initiative"),
            Column("pillar", "Pillar"),
            Column("owner", "Owner"),
            Column("started_on", "Since"),
            Column("ended_on", "Until"),
            Column("metric_label", "Metric", link=METRIC),
            Column("effect", "Effect", None, "low", "high", "missing", unit_from="unit"),
            Column("pre_trend", "Before it began", None, "pre_trend_low", "pre_trend_high",
                   "missing", unit_from="unit"),
            Column("method", "Method"),
            Column("verdict", "Finding"),
            Column("reason", "Why there is none, or what it lacks"),
        ),
        empty=empty,
    )  # fmt: skip


def over_time(
    title: str, metrics: tuple[str, ...], family: str | None = None, period: str = "quarter"
) -> Panel:
    """Return a panel of small multiples: these metrics of every audience (of a family) over time.

    Only audiences of which at least two periods are shown get a figure.
    """
    of_family = f"and family = '{family}'" if family else ""
    return Panel(
        title=title,
        sources=("pub_metric_values", "pub_metrics", "pub_audiences"),
        query=f"""
            select m.label || ', ' || coalesce(a.label, a.audience) as which, m.metric, m.unit,
                v.period_start, v.value, v.low, v.high, v.n, v.status
            from pub_metric_values as v
            inner join pub_metrics as m using (metric, definition_version)
            inner join pub_audiences as a using (audience)
            where v.segment = 'all' and v.metric in {(*metrics, "")} {of_family}
                and v.period_kind = '{period}' and v.status not in ('not_measured', 'not_mature')
            qualify count(v.value) over (partition by v.metric, v.audience) > 1
                and row_number() over (
                    partition by v.metric, v.audience order by v.period_start desc
                ) <= 24
            order by list_position({list(metrics)}, v.metric), a.rank, v.period_start
        """,
        columns=(
            Column("period_start", "Period from", role="period"),
            Column("value", "Value", None, "low", "high", "status", "value", METRIC, "unit"),
            Column("n", "n", "count", role="n", status="status"),
        ),
        chart="trend",
        split="which",
        note=BAND,
    )
