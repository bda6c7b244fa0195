"""The organisation itself: how grown up, what it believes, what is missing where it governs."""

from dashboards.pages.shared import AUDIENCE, NAMED
from dashboards.panels import Column, Panel

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

ORIENTATION = Panel(
    title="What kind of organisation it is",
    sources=("pub_orientation",),
    query="select * from pub_orientation order by period_start",
    columns=(
        Column("period_start", "Wave from", role="period"),
        Column("score", "Score of the culture survey", "points", "low", "high", "status", "value"),
        Column("orientation", "Orientation"),
        Column("people", "n", "count", status="status", role="n"),
        Column("basis", "Basis"),
    ),
    chart="trend",
    note="Naive, transactional, enlightened, natural: our own cut-offs, a proxy, no measurement.",
    empty="No culture survey has been asked.",
)

PERCEPTION = Panel(
    title="What those inside believe, and what the audience says",
    sources=("pub_perception_gap", "pub_audiences"),
    query=f"""
        select audience_label, page, replace(question, '_', ' ') as question,
            replace(measure, '_', ' ') as measure, if(measure = 'mean', 'points', 'share') as unit,
            answered, believed, gap, low, high, people_of_audience, people_inside, verdict, status,
            period_start
        {NAMED.format(table="pub_perception_gap")}
        qualify row_number() over (
            partition by audience, question, instrument, measure order by period_start desc
        ) = 1
        order by rank, question, measure
    """,
    columns=(
        AUDIENCE,
        Column("question", "Question"),
        Column("measure", "Measure"),
        Column("answered", "Audience", status="status", unit_from="unit"),
        Column("believed", "Believed inside", status="status", unit_from="unit"),
        Column("gap", "Gap", None, "low", "high", "status", unit_from="unit"),
        Column("people_inside", "n inside", "count", status="status"),
        Column("verdict", "Finding"),
        Column("period_start", "Wave from"),
    ),
    empty="Nobody inside has been asked what an audience would answer.",
)

ALIGNMENT = Panel(
    title="Do departments mean the same?",
    sources=("pub_alignment",),
    query="""
        select replace(question, '_', ' ') as question, agreement, low, high, agreement_within,
            difference, difference_low, difference_high, p_value, people, most_common,
            most_common_share, verdict, status, period_start
        from pub_alignment
        qualify row_number() over (partition by instrument, question order by period_start desc) = 1
        order by question
    """,
    columns=(
        Column("question", "Question"),
        Column("agreement", "Two of different departments agree", "share", "low", "high", "status"),
        Column("agreement_within", "Two of one", "share", status="status"),
        Column("difference", "Difference", "share", "difference_low", "difference_high", "status"),
        Column("p_value", "p", "points", status="status"),
        Column("most_common", "Most common answer"),
        Column("most_common_share", "chosen by", "share", status="status"),
        Column("people", "n", "count", status="status"),
        Column("verdict", "Finding"),
        Column("period_start", "Wave from"),
    ),
    note="Whether departments differ is asked by dealing people over them anew; the interval tells"
    " how large the difference is.",
    empty="People of different departments have not been asked the same question.",
)

GOVERNANCE = Panel(
    title="What is missing where experiences are governed",
    sources=("pub_governance", "pub_audiences"),
    query="""
        select replace(finding, '_', ' ') as finding, coalesce(a.label, audience) as audience,
            g.journey, stage, g.owner_role, since,
            days_overdue::varchar as days_overdue, what_to_do
        from pub_governance as g left join pub_audiences as a using (audience)
        order by finding, audience_rank, g.journey, stage
    """,
    columns=(
        Column("finding", "Finding"),
        Column("audience", "Audience"),
        Column("journey", "Journey"),
        Column("stage", "Stage"),
        Column("owner_role", "Owner"),
        Column("since", "Since"),
        Column("days_overdue", "Days overdue"),
        Column("what_to_do", "What to do"),
    ),
    empty="Every audience has an owner and was reviewed in time; every stage is designed.",
)

PANELS = (MATURITY, ORIENTATION, PERCEPTION, ALIGNMENT, GOVERNANCE)
