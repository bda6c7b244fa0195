"""What people do after what they told us: who would recommend us does, and buys once more.

After each answer to the customers' or the fans' survey chance decides, by whether it was 9 or 10.
All of it is drawn from streams of its own; nothing else of the world knows of it.
"""

from __future__ import annotations

import numpy as np

from ingestion.sandbox.action_effects import (
    BUYS_AGAIN,
    RECOMMENDS,
    RECOMMENDS_ANYWAY,
    SAID_FROM,
)
from ingestion.sandbox.clock import DAY, HOUR
from ingestion.sandbox.instruments import CUSTOMER, FAN
from ingestion.sandbox.people import Population
from ingestion.sandbox.surveys import Asked
from ingestion.sandbox.versions import Columns, timeline

_DRAWS = "recommends wait kind again again_wait"


def after_answers(population: Population, asked: Asked) -> tuple[Columns, Columns]:
    """Return who recommended us (who, kind, at), and who bought again (who, wave, at)."""
    shared: list[Columns] = [{"who": _NOBODY, "kind": _NOBODY.astype(object), "at": _NOBODY}]
    bought: list[Columns] = [dict.fromkeys(("who", "wave", "at"), _NOBODY)]
    for survey in (CUSTOMER, FAN):
        finished = (asked["survey"] == survey) & asked["answered"] & ~asked["partial"]
        for wave in np.unique(asked["wave"][finished]):
            rows = np.flatnonzero(finished & (asked["wave"] == wave))
            who, at = asked["who"][rows], asked["ended"][rows]
            part = f"deeds {survey} {wave}"
            said = population.linked(part, asked["score"][rows] >= SAID_FROM)
            draws = population.draws(part, _DRAWS).take(who)
            then = at + draws.between("wait", DAY, 75 * DAY)
            does = draws.chance("recommends", np.where(said, RECOMMENDS, RECOMMENDS_ANYWAY))
            does &= ~population["is_minor"][who] & (then < population["erased"][who])
            kind = draws.choice("kind", ("referral", "share"))
            shared.append({"who": who[does], "kind": kind[does], "at": then[does]})
            then = at + draws.between("again_wait", DAY, 350 * DAY)
            buys = said & draws.chance("again", BUYS_AGAIN) & (then < population["erased"][who])
            buys &= population.active("customer", who, then) & (survey == CUSTOMER)
            bought.append({"who": who[buys], "wave": np.full(buys.sum(), wave), "at": then[buys]})
    return _together(shared), _together(bought)


_NOBODY = np.zeros(0, dtype=np.int64)


def _together(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def shares_table(population: Population, shared: Columns) -> tuple[Columns, np.ndarray]:
    """Return the log of recommendations and when each line shows; an erased person's lines go."""
    who, at = shared["who"], shared["at"]
    erased = population["erased"][who]
    row, shows = timeline(at, [erased], erased)
    number = np.array([f"R{w:06d}-{t // HOUR}" for w, t in zip(who, at, strict=True)], object)
    return {
        "share_id": number[row],
        "person_uid": population["person_uid"][who][row],
        "email": population["email"][who][row],
        "kind": shared["kind"][row],
        "shared_at": at[row],
        "is_gone": shows >= erased[row],
    }, shows
