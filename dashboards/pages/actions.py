"""What is done about it, and what came of it."""

from dashboards.pages.shared import AUDIENCE, METRIC, NAMED
from dashboards.panels import Column, Panel

LOOP = Panel(
    title="Who was owed an answer, and got one",
    sources=("pub_closed_loop", "pub_audiences"),
    query=f"""
        select audience_label, page, follow_up_coverage, follow_up_coverage_low as c_low,
            follow_up_coverage_high as c_high, follow_up_coverage_status as c_status,
            follow_up_coverage_n as n, follow_up_in_time, follow_up_in_time_low as t_low,
            follow_up_in_time_high as t_high, follow_up_in_time_status as t_status,
            follow_up_minutes_p50, follow_up_minutes_p50_low as m_low,
            follow_up_minutes_p50_high as m_high, follow_up_minutes_p50_status as m_status,
            quarter_start
        {NAMED.format(table="pub_closed_loop")}
        where segment = 'all' and follow_up_coverage_status in ('ok', 'low_n', 'suppressed')
        qualify row_number() over (partition by audience order by quarter_start desc) = 1
        order by rank
    """,
    columns=(
        AUDIENCE,
        Column("follow_up_coverage", "Got an answer", "share", "c_low", "c_high", "c_status"),
        Column("follow_up_in_time", "In time", "share", "t_low", "t_high", "t_status"),
        Column("follow_up_minutes_p50", "Half within", "minutes", "m_low", "m_high", "m_status"),
        Column("n", "n", "count", status="c_status"),
        Column("quarter_start", "Quarter from"),
    ),
    empty="No case has been opened by any rule.",
)

RECOVERY = Panel(
    title="Whether being told helped",
    sources=("pub_case_recovery",),
    query="""
        select label, family, recovery, low, high, persons_told, persons_not_told, finding, basis,
            if(recovery is null, finding, null) as missing
        from pub_case_recovery order by label, family
    """,
    columns=(
        Column("label", "Case"),
        Column("family", "Family"),
        Column("recovery", "Recovery", "points", "low", "high", "missing"),
        Column("persons_told", "Told", "count", status="missing"),
        Column("persons_not_told", "Not told", "count", status="missing"),
        Column("finding", "Finding"),
        Column("basis", "Basis"),
    ),
)

INITIATIVES = Panel(
    title="Initiatives, and what they did",
    sources=("pub_initiatives", "pub_metrics"),
    query="""
        select i.label, coalesce(pillar_label, 'no pillar') as pillar,
            coalesce(owner_role, 'nobody') as owner, metric, m.label as metric_label, unit,
            started_on, effect, low, high, pre_trend, pre_trend_low, pre_trend_high, method,
            verdict,
            if(effect is null, verdict, null) as missing, coalesce(reason, lacks) as reason
        from pub_initiatives as i left join pub_metrics as m using (metric)
        order by started_on
    """,
    columns=(
        Column("label", "Initiative"),
        Column("pillar", "Pillar"),
        Column("owner", "Owner"),
        Column("metric_label", "Metric", link=METRIC),
        Column("started_on", "Since"),
        Column("effect", "Effect", None, "low", "high", "missing", unit_from="unit"),
        Column(
            "pre_trend",
            "Before it began",
            None,
            "pre_trend_low",
            "pre_trend_high",
            "missing",
            unit_from="unit",
        ),
        Column("method", "Method"),
        Column("verdict", "Finding"),
        Column("reason", "Why, or what it lacks"),
    ),
)

MATURITY = Panel(
    title="How grown up the organisation is",
    sources=("pub_maturity",),
    query="""
        select label, level_declared, level_evidenced, level, indicators_met, indicators_shown,
            indicators, basis, if(level_declared is null, 'not asked', null) as unasked,
            if(level is null, 'no evidence', null) as unseen
        from pub_maturity order by position
    """,
    columns=(
        Column("label", "Area"),
        Column("level_declared", "Declared", "points", status="unasked"),
        Column("level_evidenced", "Evidenced", "count", status="unseen"),
        Column("level", "Level", "points", status="unseen"),
        Column("indicators_met", "Criteria met", "count"),
        Column("indicators_shown", "of those that show", "count"),
        Column("indicators", "of all", "count"),
        Column("basis", "Basis"),
    ),
    note="Our own criteria, level 1 to 5. No evidence is not level 1; what is declared alone counts"
    " for 3 at most.",
)

PANELS = (
    LOOP,
    RECOVERY,
    INITIATIVES,
    MATURITY,
)
