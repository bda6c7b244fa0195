"""Before, during and after: where is put in, and where it shows."""

from dashboards.pages.shared import NAMED
from dashboards.panels import Column, Panel

BALANCE = Panel(
    title="Before, during and after",
    sources=("pub_journey_balance", "pub_audiences"),
    query=f"""
        select audience_label, replace(measure, '_', ' ') as measure, phase, share, value, persons,
            status
        {NAMED.format(table="pub_journey_balance")}
        where phase <> 'unplaced' and measure in
            ('touchpoint', 'invitation', 'response', 'repeat_contact', 'return', 'repeat_order',
             'ended_membership')
        qualify count(share) over (partition by audience) > 3
        order by rank, measure, list_position(['before', 'during', 'after'], phase)
    """,
    columns=(
        Column("measure", "What", role="label"),
        Column("phase", "Phase", role="series"),
        Column("share", "Share of it", "share", status="status", role="value"),
        Column("value", "How many", "count", status="status"),
        Column("persons", "People", "count", role="n", status="status"),
    ),
    chart="series",
    split="audience_label",
    note="What is put in (touchpoints, surveys) against where effort, return and repeat arise; the"
    " last 365 days.",
)

PANELS = (BALANCE,)
