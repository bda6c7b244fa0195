"""What sales people keep in the CRM: deals on their way, and feedback left on the site."""

from __future__ import annotations

import numpy as np

from ingestion.sandbox import effects, flaws, phrases
from ingestion.sandbox.clock import DAY, HOUR, NEVER, month_start
from ingestion.sandbox.crm import Contacts
from ingestion.sandbox.draws import Draws, happenings
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, index_lag, timeline

FIRST_DEAL_ID = 9_300_000_000
FIRST_SUBMISSION_ID = 6_600_000_000
DEALS_PER_MONTH = {"lead": 0.030, "customer": 0.015, "dealer": 0.080}
# Asked on the site at about this rate a month; who then answers depends on the score.
FEEDBACK_PER_MONTH = 0.05
_DEAL_DRAWS = (
    "moment amount qualified qualify_wait contract contract_wait decide_wait won skip back_dated"
    " back_days archived owner product"
)
_PRODUCTS = ("Team kit", "Season hospitality", "Shoe range", "Shop order", "Sponsorship board")


def _moments(month: np.ndarray, draws: Draws) -> np.ndarray:
    start, end = month_start(month), month_start(month + 1)
    day = start + (draws["moment"] * (end - start)).astype(np.int64) // DAY * DAY
    return day + 8 * HOUR + (draws["moment"] * 9_973 % 1 * 9 * HOUR).astype(np.int64)


def _numbered(first: int, month: np.ndarray, size_of_month: int = 100_000) -> np.ndarray:
    """Return ids that count up within each month, so later months renumber nothing."""
    position = np.arange(len(month)) - np.searchsorted(month, month)
    return first + month * size_of_month + position


def deals_table(
    population: Population, contacts: Contacts, owners: np.ndarray
) -> tuple[Columns, np.ndarray]:
    """Return the deals' versions and when each shows; some stages are typed in days afterwards."""
    main = contacts.main_of_person(len(population))

    def rate(month: int) -> np.ndarray:
        present = population.present(month)
        start = month_start(month)
        alive = _alive(contacts, main[:present], start, month_start(month + 1))
        active = [
            share * population.active(audience, slice(0, present), start)
            for audience, share in DEALS_PER_MONTH.items()
        ]
        return np.where(alive, np.max(active, axis=0), 0.0)

    who, month, draws = happenings(
        population.seed, "deals", range(population.months), rate, _DEAL_DRAWS
    )
    deal = _stages(draws, _moments(month, draws))
    contact = main[who]
    columns = {
        "deal_id": _numbered(FIRST_DEAL_ID, month),
        "contact_id": contacts["contact_id"][contact],
        "organisation_id": contacts["organisation_id"][contact],
        "amount": np.round(np.exp(6.4 + 1.0 * draws.normal("amount")), 2),
        "currency": population.place["currency"][who],
        "name": draws.choice("product", _PRODUCTS) + " - " + population["last_name"][who],
        "owner_id": owners[draws.index("owner", len(owners))],
    }
    return _deal_versions(columns, deal, draws)


def _alive(
    contacts: Contacts, position: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    row = np.maximum(position, 0)
    return (position >= 0) & (contacts["created"][row] < start) & (contacts["ends"][row] >= end)


def _stages(draws: Draws, created: np.ndarray) -> dict[str, np.ndarray]:
    goes_on = draws.chance("qualified", 0.72)
    qualified = np.where(goes_on, created + DAY + draws.waiting("qualify_wait", 12 * DAY), NEVER)
    signs = goes_on & draws.chance("contract", 0.7)
    contract = np.where(signs, qualified + DAY + draws.waiting("contract_wait", 18 * DAY), NEVER)
    latest = np.where(signs, contract, np.where(goes_on, qualified, created))
    decided = latest + DAY + draws.waiting("decide_wait", 25 * DAY)
    won = signs & draws.chance("won", 0.68)
    return {
        "created": created,
        "qualified": qualified,
        "contract": contract,
        "won": np.where(won, decided, NEVER),
        "lost": np.where(won, NEVER, decided),
    }


def _deal_versions(
    columns: Columns, deal: dict[str, np.ndarray], draws: Draws
) -> tuple[Columns, np.ndarray]:
    # Some outcomes are entered days later than they happened: the CRM moves, the date goes back.
    decided = np.minimum(deal["won"], deal["lost"])
    typed = decided + np.where(
        draws.chance("back_dated", 0.06), (2 + draws["back_days"] * 12) * DAY, 0
    ).astype(np.int64)
    archived = np.where(draws.chance("archived", 0.02), typed + 10 * DAY, NEVER)
    row, at = timeline(deal["created"], [deal["qualified"], deal["contract"], typed, archived])
    skipped = draws.chance("skip", 0.07)[row] & (deal["contract"][row] < NEVER)
    over = at >= typed[row]
    stage = np.full(len(row), "appointmentscheduled", dtype=object)
    stage = np.where(at >= deal["qualified"][row], "qualifiedtobuy", stage)
    stage = np.where(at >= deal["contract"][row], "contractsent", stage)
    stage = np.where(over, np.where(deal["won"][row] < NEVER, "closedwon", "closedlost"), stage)

    def reached(name: str, known: np.ndarray) -> np.ndarray:
        return np.where(known, deal[name][row], NEVER)

    qualified = (at >= deal["qualified"][row]) & ~(skipped & (at >= deal["contract"][row]))
    shown = {name: values[row] for name, values in columns.items()} | {
        "pipeline": np.full(len(row), "default", dtype=object),
        "stage": stage,
        "created_at": deal["created"][row],
        "updated_at": at,
        "close_at": np.where(over, decided[row], NEVER),
        "entered_appointment_at": deal["created"][row],
        "entered_qualified_at": reached("qualified", qualified),
        "entered_contract_at": reached("contract", at >= deal["contract"][row]),
        "entered_won_at": reached("won", over),
        "entered_lost_at": reached("lost", over),
        "archived_at": np.where(at >= archived[row], archived[row], NEVER),
    }
    return shown, at + index_lag(at)


def feedback_table(population: Population, contacts: Contacts) -> tuple[Columns, np.ndarray]:
    """Return the CRM's own NPS submissions: the same process as the customers' survey."""
    main = contacts.main_of_person(len(population))

    def rate(month: int) -> np.ndarray:
        present = population.present(month)
        start, end = month_start(month), month_start(month + 1)
        asked = _alive(contacts, main[:present], start, end)
        asked &= population.active("customer", slice(0, present), start)
        asked &= population.active("customer", slice(0, present), end)
        return np.where(asked, FEEDBACK_PER_MONTH, 0.0)

    who, month, draws = happenings(
        population.seed, "feedback", range(population.months), rate,
        "moment mood answers says comment_a comment_b late late_days channel",
    )  # fmt: skip
    latent = effects.level("customer", month) + population["satisfaction_trait"][who]
    score = effects.NPS.score(latent + effects.MOOD_SD * draws.normal("mood"))
    number = _numbered(FIRST_SUBMISSION_ID, month)
    rows = np.flatnonzero(draws.chance("answers", effects.NPS.answers(score)))
    who, month, draws, score, number = (
        who[rows],
        month[rows],
        draws.take(rows),
        score[rows],
        number[rows],
    )
    submitted = _moments(month, draws)
    late = (draws.chance("late", 0.015) * (2 + draws["late_days"] * 6) * DAY).astype(np.int64)
    tone = np.where(score >= 9, phrases.GOOD, np.where(score <= 6, phrases.BAD, phrases.MIXED))
    comments = phrases.comments(
        population.place["language"][who], tone, draws, "comment_a", "comment_b"
    )
    group = np.array(["PROMOTER", "PASSIVE", "DETRACTOR"], dtype=object)[tone]
    columns = {
        "submission_id": number,
        "contact_id": contacts["contact_id"][main[who]],
        "survey_name": np.full(len(who), "Website loyalty survey", dtype=object),
        "survey_type": np.full(len(who), "NPS", dtype=object),
        "value": score,
        "response_group": group,
        "content": flaws.only(comments, draws.chance("says", 0.35)),
        "channel": draws.choice("channel", ["WEB", "EMAIL"], [7, 3]),
        "submitted_at": submitted,
        "updated_at": submitted + late,
    }
    return columns, submitted + late + index_lag(submitted)
