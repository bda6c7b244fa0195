"""What is done about it, and what came of it."""

from dashboards.pages.shared import AUDIENCE, METRIC, NAMED, initiatives
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

INITIATIVES = initiatives("Initiatives, and what they did")

TRAINING = Panel(
    title="Training, and the figure that it should move",
    sources=("pub_training", "pub_metrics"),
    query="""
        select t.label, t.departments, t.started_on, t.period_start, placed, completion,
            completion_status, completed, people, metric, m.label as metric_label, unit, value,
            low, high, status, basis
        from pub_training as t left join pub_metrics as m using (metric)
        qualify row_number() over (partition by training order by t.period_start desc) <= 4
        order by t.label, t.period_start
    """,
    columns=(
        Column("label", "Training"),
        Column("started_on", "Began"),
        Column("period_start", "Period from"),
        Column("placed", "That is"),
        Column("completion", "Completed by", "share", status="completion_status"),
        Column("people", "of people", "count", status="completion_status"),
        Column("metric_label", "Metric", link=METRIC),
        Column("value", "Value", None, "low", "high", "status", unit_from="unit"),
        Column("basis", "Basis"),
    ),
    note="Beside, not because: whether the training did it is not asked here.",
    empty="No training is declared.",
)

LINKS = Panel(
    title="Do teams that feel better serve better?",
    sources=("pub_ex_to_cx", "pub_metrics"),
    query="""
        select ex.label as ex_label, cx.label as cx_label, effect, low, high, p_value,
            smallest_detectable, placebo_p_value, teams, waves, finding, reason, basis,
            if(effect is null, finding, null) as missing
        from pub_ex_to_cx
        left join pub_metrics as ex on ex_metric = ex.metric
        left join pub_metrics as cx on cx_metric = cx.metric
        order by ex_label, cx_label
    """,
    columns=(
        Column("ex_label", "What employees say"),
        Column("cx_label", "What those they serve have in the wave after"),
        Column("effect", "Effect of one point", "points", "low", "high", "missing"),
        Column("p_value", "p", "points", status="missing"),
        Column("placebo_p_value", "p of the placebo", "points", status="missing"),
        Column("teams", "Teams", "count"),
        Column("waves", "Waves", "count"),
        Column("finding", "Finding"),
        Column("reason", "Why there is none"),
    ),
    note="One figure for the whole organisation, never of a team; an association, not cause.",
    empty="No link is declared.",
)

STRESS = Panel(
    title="Who stays after we let them down",
    sources=("pub_loyalty_under_stress", "pub_audiences"),
    query=f"""
        select audience_label, page, replace(stress, '_', ' ') as stress, retention,
            retention_matched, difference, low, high, persons_stressed, finding, status, reason
        {NAMED.format(table="pub_loyalty_under_stress")}
        where status in ('ok', 'low_n') and persons_stressed is not null or status = 'ok'
        order by stress, rank
    """,
    columns=(
        AUDIENCE,
        Column("stress", "Stress"),
        Column("retention", "Stayed", "share", status="status"),
        Column("retention_matched", "Matched others", "share", status="status"),
        Column("difference", "Difference", "share", "low", "high", "status"),
        Column("persons_stressed", "n", "count", status="status"),
        Column("finding", "Finding"),
    ),
    note="Half a year after a broken promise, a bad answer or a price rise; an association, not"
    " cause.",
    empty="Of no audience have thirty people on either side a closed window of half a year.",
)

PANELS = (LOOP, RECOVERY, INITIATIVES, TRAINING, LINKS, STRESS)
