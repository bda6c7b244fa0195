"""The initiative that works: a form that asks what is needed at once spares a second mail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ingestion.sandbox.action_effects import WEB_FORM_FROM, WEB_FORM_SPARES
from ingestion.sandbox.clock import NEVER
from ingestion.sandbox.draws import stream
from ingestion.sandbox.effects import month_named
from ingestion.sandbox.people import Population
from ingestion.sandbox.support import CHANNELS, Tickets

FORM, MAIL = CHANNELS.index("web"), CHANNELS.index("email")


def spared(population: Population, tickets: Tickets) -> Tickets:
    """Return the tickets, of which fewer by the form are written to again from its first day."""
    written = np.flatnonzero(np.isin(tickets["channel"], (FORM, MAIL)))
    by_form = tickets["channel"][written] == FORM
    by_form &= tickets.month[written] >= month_named(WEB_FORM_FROM)
    by_form = population.linked("web form", by_form)
    luck = np.concatenate(
        [
            stream(population.seed, "web form", month).random((tickets.month == month).sum())
            for month in range(population.months)
        ]
    )
    came_back = tickets["came_back"].copy()
    came_back[written[by_form & (luck[written] < WEB_FORM_SPARES)]] = NEVER
    return replace(tickets, columns=tickets.columns | {"came_back": came_back})
