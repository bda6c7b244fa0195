"""Fans: those who never bought beside those who did, and where they move."""

from dashboards.pages.shared import AUDIENCE, NAMED
from dashboards.panels import Column, Panel

_SIDES = "if(buys = 'yes', 'have bought', 'never bought')"

BY_PURCHASE = Panel(
    title="Fans who never buy, and those who do",
    sources=("pub_fans_by_purchase", "pub_audiences"),
    query=f"""
        select audience_label, page, {_SIDES} as side, quarter_start, *
        {NAMED.format(table="pub_fans_by_purchase")}
        qualify quarter_start = max(quarter_start) over (partition by audience)
        order by rank, buys
    """,
    columns=(
        AUDIENCE,
        Column("side", "Who"),
        Column("fan_engagement_without_purchase_n", "People", "count",
               status="fan_engagement_without_purchase_status"),
        *(
            Column(name, label, unit, f"{name}_low", f"{name}_high", f"{name}_status")
            for name, label, unit in (
                ("fan_engagement_without_purchase", "Engagement without purchases", "points"),
                ("superfan_share", "Superfans", "share"),
                ("advocacy_per_hundred", "Advocacy", "per_hundred"),
                ("nps", "NPS", "score"),
            )
        ),
        Column("quarter_start", "Quarter from"),
    ),
    note="A difference says as much of how well people are recognised as of what they love.",
)  # fmt: skip

MOVEMENT = Panel(
    title="Where fans move in a year",
    sources=("pub_fan_movement",),
    query=f"""
        select {_SIDES} as side, from_state, to_state, from_state || ' to ' || to_state as move,
            people_before, people, share, share_low, share_high, status, period_start
        from pub_fan_movement
        where period_kind = 'year'
        qualify period_start = max(period_start) over ()
        order by list_position(['follower', 'fan', 'superfan', 'joined'], from_state),
            list_position(['follower', 'fan', 'superfan', 'left'], to_state), buys
    """,
    columns=(
        Column("move", "From and to", role="label"),
        Column("side", "Who", role="series"),
        Column("share", "Share of those before", "share", "share_low", "share_high", "status",
               "value"),
        Column("people_before", "Before", "count", status="status", role="n"),
        Column("people", "Moved so", "count", status="status"),
        Column("period_start", "Year from"),
    ),
    chart="series",
    empty="No year is over of which is known what fans were at both ends.",
)  # fmt: skip

PANELS = (BY_PURCHASE, MOVEMENT)
