"""The people who do the work; every figure of a group large enough, or hidden."""

from dashboards.panels import Column, Panel

ENPS = Panel(
    title="eNPS of the last wave, by department",
    sources=("pub_workforce",),
    query="""
        select coalesce(department, 'All together') as department, enps, enps_low, enps_high,
            enps_status, quarter_start
        from pub_workforce
        where enps_status <> 'not_measured' qualify quarter_start = max(quarter_start) over ()
        order by segment <> 'all', segment
    """,
    columns=(
        Column("department", "Department", role="label"),
        Column("enps", "eNPS", "score", "enps_low", "enps_high", "enps_status", "value"),
        Column("quarter_start", "Wave from"),
    ),
    chart="bars",
    note="Hidden: fewer people than the minimum group, or a figure from which theirs could be had.",
)

WORKFORCE = Panel(
    title="The workforce by department",
    sources=("pub_workforce",),
    query="""
        select coalesce(department, 'All together') as department, headcount, headcount_status,
            turnover, turnover_low, turnover_high, turnover_status, absence_rate, absence_rate_low,
            absence_rate_high, absence_rate_status, internal_moves, internal_moves_low,
            internal_moves_high, internal_moves_status, quarter_start
        from pub_workforce qualify quarter_start = max(quarter_start) over ()
        order by segment <> 'all', segment
    """,
    columns=(
        Column("department", "Department"),
        Column("headcount", "People", "count", status="headcount_status"),
        *(
            Column(name, label, unit, f"{name}_low", f"{name}_high", f"{name}_status")
            for name, label, unit in (
                ("turnover", "Turnover", "per_year"),
                ("internal_moves", "Internal moves", "per_year"),
                ("absence_rate", "Absence", "share"),
            )
        ),
        Column("quarter_start", "Quarter from"),
    ),
)

PANELS = (ENPS, WORKFORCE)
