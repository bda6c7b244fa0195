"""Whom we hear, and how."""

from dashboards.pages.shared import AUDIENCE, NAMED, NEWEST
from dashboards.panels import Column, Panel

HEARD = Panel(
    title="How many of those who were there were heard",
    sources=("pub_listening_balance", "pub_audiences"),
    query=f"""
        select audience_label, page, stage_label, replace(kind, '_', ' ') as kind, reach, low, high,
            exposed, status, audience_label || ', ' || stage_label as place
        {NAMED.format(table="pub_listening_balance")}
        where kind <> 'any' and reach is not null {NEWEST}
        order by rank, position, kind
    """,
    columns=(
        AUDIENCE,
        Column("place", "Where", role="label"),
        Column("kind", "Kind", role="series"),
        Column("reach", "People heard", "share", "low", "high", "status", "value"),
        Column("exposed", "People there", "count", role="n"),
    ),
    chart="series",
    note="Triggered: asked after something. Always on: an open door. Unsolicited: what people say"
    " by themselves. They stand side by side and are never pooled.",
)

TONE = Panel(
    title="How differently the kinds speak",
    sources=("pub_listening_tone", "pub_audiences"),
    query=f"""
        select audience_label, page, coalesce(stage, journey) as stage, replace(kind, '_', ' ') as
            kind, language, labeller, texts, share, share_low, share_high, difference,
            difference_low, difference_high, finding, status
        {NAMED.format(table="pub_listening_tone")}
        where share is not null {NEWEST}
        order by rank, stage, language, kind
    """,
    columns=(
        AUDIENCE,
        Column("stage", "Stage"),
        Column("kind", "Kind"),
        Column("language", "Language"),
        Column("share", "Negative texts", "share", "share_low", "share_high", "status"),
        Column("texts", "n", "count", role="n"),
        Column("difference", "From what was asked", "share", "difference_low", "difference_high"),
        Column("finding", "Finding"),
        Column("labeller", "Labelled by"),
    ),
    note="The error of the labeller is not in the interval.",
    empty="No stage has enough labelled texts.",
)

WALKS = Panel(
    title="Where somebody went and looked",
    sources=("pub_listening_walks",),
    query="""
        select journey, stage_label, replace(visit_kind, '_', ' ') as visit_kind, visits,
            last_visited_at, last_criteria, last_score_share
        from pub_listening_walks where visits > 0 order by journey, position, visit_kind
    """,
    columns=(
        Column("journey", "Journey"),
        Column("stage_label", "Stage"),
        Column("visit_kind", "Kind"),
        Column("visits", "Visits", "count"),
        Column("last_visited_at", "Last"),
        Column("last_criteria", "Criteria", "count"),
        Column("last_score_share", "Score of the last", "share"),
    ),
    empty="No mystery visit and no leader's walk-through is on record for any journey.",
)

OUTCOMES = Panel(
    title="What the never-heard did",
    sources=("pub_listening_outcomes", "pub_audiences"),
    query=f"""
        select audience_label, page, stage, replace(outcome, '_', ' ') as outcome, heard_share,
            heard_share_low, heard_share_high, never_heard_share, never_heard_share_low,
            never_heard_share_high, difference, difference_low, difference_high, finding, status
        {NAMED.format(table="pub_listening_outcomes")}
        where difference is not null {NEWEST}
        order by rank, stage, outcome
    """,
    columns=(
        AUDIENCE,
        Column("stage", "Stage"),
        Column("outcome", "What they did"),
        Column("heard_share", "Heard", "share", "heard_share_low", "heard_share_high"),
        Column("never_heard_share", "Never heard", "share", "never_heard_share_low",
               "never_heard_share_high"),
        Column("difference", "Difference", "share", "difference_low", "difference_high"),
        Column("finding", "Finding"),
    ),
    note="An association: whoever answers differs from whoever does not.",
    empty="At no stage were there enough people on both sides.",
)  # fmt: skip

PANELS = (HEARD, TONE, WALKS, OUTCOMES)
