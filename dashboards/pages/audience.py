"""What the page of one audience shows below its journey; ``$audience`` is whose page it is."""

from dashboards.pages.shared import BAND, METRIC, initiatives
from dashboards.panels import Column, Panel

# Beside the headlines, what an owner looks at over time.
ALSO = ("response_rate", "first_response_minutes_p50", "resolution_minutes_p50", "retention_rate")
# The newest period in which something is shown; where nothing is, the newest.
_IS_NEWEST = """period_start = coalesce(
            max(period_start) filter (where status in ('ok', 'low_n')) over (),
            max(period_start) over ()
        )"""

TRENDS = Panel(
    title="How its numbers moved",
    sources=("pub_metric_values", "pub_metrics"),
    query=f"""
        select label, metric, unit, period_start, value, low, high, n, status
        from pub_metric_values inner join pub_metrics using (metric, definition_version)
        where audience = $audience and segment = 'all' and (is_headline or metric in {ALSO})
            and period_kind in ('quarter', 'wave') and status not in ('not_measured', 'not_mature')
        qualify row_number() over (partition by metric order by period_start desc) <= 12
        order by is_headline desc, component, metric, period_start
    """,
    columns=(
        Column("period_start", "Period from", role="period"),
        Column("value", "Value", None, "low", "high", "status", "value", METRIC, "unit"),
        Column("n", "n", "count", role="n"),
    ),
    chart="trend",
    split="label",
    note=BAND,
    empty="No number of this audience has been measured yet.",
)

DRIVERS = Panel(
    title="What goes with its scores",
    sources=("pub_key_drivers",),
    query="""
        select upper(metric) || ' of the ' || replace(replace(period_kind, 'trailing_', 'last '),
            'last 365', 'last 365 days') as which, metric, label, weight, low, high,
            n, status, basis
        from pub_key_drivers
        where audience = $audience and is_latest and weight is not null
        order by which, weight desc
    """,
    columns=(
        Column("label", "Driver", role="label"),
        Column("weight", "Variance that goes with it", "share", "low", "high", "status", "value"),
        Column("n", "n", "count", role="n"),
        Column("basis", "Basis"),
    ),
    chart="bars",
    split="which",
    note="Shapley values of the explained variance: association, not cause.",
    empty="Too few answers with known attributes to say what goes with them.",
)

PRIORITIES = Panel(
    title="What to do next",
    sources=("pub_priorities",),
    query="""
        select coalesce(rank_group::varchar, '') || case when is_tied then ' (tied)' else '' end
            as place, driver_label, initiative_label, 10000 * impact as impact,
            10000 * impact_low as impact_low, 10000 * impact_high as impact_high, effort_days,
            nullif(effort_status, 'estimated') as effort_status, quadrant, owner_role
        from pub_priorities where audience = $audience order by rank_group nulls last, driver_label
    """,
    columns=(
        Column("place", "Place"),
        Column("driver_label", "Driver"),
        Column("impact", "Impact, in 10,000ths", "points", "impact_low", "impact_high"),
        Column("initiative_label", "Initiative"),
        Column("effort_days", "Effort", "days", status="effort_status"),
        Column("quadrant", "Quadrant"),
        Column("owner_role", "Owner"),
    ),
    note="Importance of the driver x people touched x distance to the target. No cause is claimed.",
    empty="Nothing to order: no driver of this audience's scores is known.",
)

FRICTION = Panel(
    title="Where it costs effort",
    sources=("pub_friction",),
    query=f"""
        select label, stage_label, seen, out_of, minutes, status
        from pub_friction
        where audience = $audience and kind <> 'any' and status <> 'not_mature'
        qualify {_IS_NEWEST}
        order by position, seen desc nulls last
    """,
    columns=(
        Column("label", "Effort seen", role="label"),
        Column("stage_label", "Stage"),
        Column("seen", "Seen at", "count", status="status", role="value"),
        Column("out_of", "Out of", "count", role="n", status="status"),
        Column("minutes", "Lost", "minutes", status="status"),
    ),
    chart="bars",
    empty="No touchpoint of this audience has been seen at which effort could show.",
)

LISTENING = Panel(
    title="How it is heard",
    sources=("pub_listening_balance",),
    query=f"""
        select stage_label, replace(kind, '_', ' ') as kind, reach, low, high, exposed, responses,
            status
        from pub_listening_balance
        where audience = $audience and kind <> 'any' and status <> 'not_mature'
        qualify {_IS_NEWEST}
        order by position, kind
    """,
    columns=(
        Column("stage_label", "Stage", role="label"),
        Column("kind", "Kind", role="series"),
        Column("reach", "People heard", "share", "low", "high", "status", "value"),
        Column("exposed", "People there", "count", status="status", role="n"),
        Column("responses", "Responses", "count", status="status"),
    ),
    chart="series",
    note="Kinds stand side by side and are never pooled.",
)

DEEDS = Panel(
    title="What people said, and what they did",
    sources=("pub_say_do",),
    query="""
        select label, period_start, said_share, did_share, gap, gap_low, gap_high, lift, lift_low,
            lift_high, people, status, basis
        from pub_say_do where audience = $audience and status in ('ok', 'low_n', 'suppressed')
        qualify row_number() over (partition by intention order by period_start desc) <= 4
        order by label, period_start
    """,
    columns=(
        Column("label", "Intention"),
        Column("period_start", "Asked in the quarter from"),
        Column("said_share", "Said so", "share", status="status"),
        Column("did_share", "Did so", "share", status="status"),
        Column("gap", "Gap", "share", "gap_low", "gap_high", "status"),
        Column("lift", "Lift", "share", "lift_low", "lift_high", "status"),
        Column("people", "n", "count", status="status"),
    ),
    empty="No closed window in which a source could show deeds.",
)

VALUE = Panel(
    title="What became of promoters and detractors",
    sources=("pub_experience_value",),
    query=f"""
        select answer_class, people, retention, retention_low, retention_high, revenue,
            revenue_low, revenue_high, status, basis
        from pub_experience_value where audience = $audience and status <> 'not_mature'
        qualify {_IS_NEWEST}
        order by answer_class desc
    """,
    columns=(
        Column("answer_class", "Answer", role="label"),
        Column("retention", "Still active a year later", "share", "retention_low",
               "retention_high", "status", "value"),
        Column("revenue", "Revenue a person", "money", "revenue_low", "revenue_high", "status"),
        Column("people", "n", "count", status="status", role="n"),
        Column("basis", "Basis"),
    ),
    chart="bars",
    note="An association and not a cause.",
    empty="No cohort is a year old yet.",
)  # fmt: skip

INITIATIVES = initiatives(
    "What is being done",
    "list_contains(string_split(audiences, '|'), $audience)",
    "No initiative names this audience.",
)

NUMBERS = Panel(
    title="All its numbers, newest",
    sources=("pub_metric_values", "pub_metrics"),
    query="""
        select label, metric, unit, value, low, high, n, status, period_kind, period_start
        from pub_metric_values inner join pub_metrics using (metric, definition_version)
        where audience = $audience and segment = 'all'
            and period_kind in ('quarter', 'wave', 'snapshot', 'year')
            and status not in ('not_mature', 'not_measured')
        qualify row_number() over (partition by metric order by
            list_position(['quarter', 'wave', 'snapshot', 'year'], period_kind), period_start desc)
            = 1
        order by label
    """,
    columns=(
        Column("label", "Metric", link=METRIC),
        Column("value", "Value", None, "low", "high", "status", unit_from="unit"),
        Column("n", "n", "count", status="status"),
        Column("period_kind", "Period"),
        Column("period_start", "From"),
    ),
    empty="No number of this audience has been measured yet.",
)

TABLE = "dictionary.html#pub_audience_flow"

SIZE = Panel(
    title="How many they are",
    sources=("pub_audience_flow",),
    query="""
        select quarter_start, people_before, share, share_low, share_high, status, reason
        from pub_audience_flow where from_audience = $audience and movement = 'stayed'
            and people_before is not null
        qualify row_number() over (order by quarter_start desc) <= 8
        order by quarter_start
    """,
    columns=(
        Column("quarter_start", "Quarter from", role="period"),
        Column("people_before", "People as it began", "count", role="value", link=TABLE),
        Column("share", "Of these still there as it ended", "share", "share_low", "share_high",
               "status"),
        Column("reason", "Why there is none"),
    ),
    chart="trend",
    empty="Nobody is known to be in it, or too few to be told; of the workforce the page Workforce"
    " tells.",
)  # fmt: skip

FLOW = Panel(
    title="Where they came from, and where they went",
    sources=("pub_audience_flow", "pub_audiences"),
    query=f"""
        with moved as (
            select *, quarter_start as period_start, to_audience = $audience as has_come,
                coalesce(audience_label, 'no audience') as other
            from pub_audience_flow
            left join pages on audience
                = if(to_audience = $audience, from_audience, to_audience)
            where $audience in (from_audience, to_audience) and movement <> 'stayed'
            qualify {_IS_NEWEST}
        )
        select if(has_come, 'came from', 'went to') as way, other, people, people_left,
            people_before, share, share_low, share_high, status, reason, quarter_start
        from moved
        where reason is distinct from 'too few people' and people is distinct from 0
        union all by name
        select if(has_come, 'came from', 'went to') as way, 'others (' || count(*) || ')' as other,
            'suppressed' as status, 'too few people each' as reason,
            min(quarter_start) as quarter_start
        from moved where reason = 'too few people' group by has_come
        order by way, people desc nulls last, other
    """,
    columns=(
        Column("other", "Audience", role="label"),
        Column("way", "They", role="series"),
        Column("people", "People", "count", status="status", role="value", link=TABLE),
        Column("people_before", "Out of", "count", status="status", role="n"),
        Column("share", "Share", "share", "share_low", "share_high", "status"),
        Column("people_left", "Left the one for the other", "count", status="status"),
        Column("reason", "Why there is none"),
        Column("quarter_start", "Quarter from"),
    ),
    chart="series",
    note="Who was in several audiences came from each: never add them up. A share is of who was"
    " there as the quarter began; from no audience, of all who joined. Where nobody moved there is"
    " no row.",
    empty="No movement is told: nobody moved, or nobody is known in it, or it is of the workforce.",
)  # fmt: skip

PANELS = (
    TRENDS, PRIORITIES, INITIATIVES, DRIVERS, FRICTION, LISTENING, SIZE, FLOW, DEEDS, VALUE,
    NUMBERS,
)  # fmt: skip
