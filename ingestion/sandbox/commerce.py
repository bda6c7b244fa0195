"""What people buy, give and attend, and the member register: both leave the house as files."""

from __future__ import annotations

import numpy as np

from ingestion.sandbox import effects, flaws
from ingestion.sandbox.clock import DAY, HISTORY_START, HOUR, NEVER, days, month_start, seconds_of
from ingestion.sandbox.draws import Draws, happenings, person_draws
from ingestion.sandbox.names import PLACES
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, timeline

CANCELLED, REFUNDED = 0.04, 0.05
NO_ANSWER = 9
# kind -> (audience, expected number a month)
KINDS = {
    "order": ("customer", 0.034),
    "donation": ("donor", 0.050),
    "registration": ("fan", 0.006),
    "attendance": ("fan", 0.022),
}
_PREFIX = {"order": "O", "donation": "D", "registration": "R", "attendance": "A", "first": "F"}
_MEDIAN_AMOUNT = {"order": 62.0, "donation": 35.0, "registration": 15.0, "attendance": 28.0}
# What an order costs Northlight, as a share of its amount; of gifts and sign-ups nobody tells.
_COST_SHARE = {"order": 0.58, "attendance": 0.35}
_LOCATIONS = ("Webshop", "Store London", "Store Berlin", "Arena North", "Arena South", "Museum")
_DRAWS = (
    "moment amount fate fate_wait no_email typo_mail typo_mail_at typo_name typo_name_at late"
    " late_days place away rated stars"
)
_FILES = {"member": "M", "season_ticket_holder": "S", "junior_fan": "J"}


def orders_a_month(population: Population) -> np.ndarray:
    """Return how many orders each person places in a month as a customer."""
    habit = 0.4 + 1.2 * population.draws("order habit", "habit")["habit"]
    trait = population.linked("orders", population["satisfaction_trait"])
    lift = np.exp(effects.ORDERS_PER_TRAIT * trait)
    return KINDS["order"][1] * habit * lift


def orders_table(population: Population, bought: Columns) -> tuple[Columns, np.ndarray]:
    """Return orders, donations, registrations and attendances and when each version shows.

    ``bought`` are orders of their own: who, when, and after which wave's answer.
    """
    parts = [_first_orders(population), *(_repeated(population, kind) for kind in KINDS)]
    parts += [_bought(population, bought, wave) for wave in np.unique(bought["wave"])]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return columns, columns.pop("shown")


def _first_orders(population: Population) -> Columns:
    """Return the purchase by which somebody became a customer."""
    since = population.since["customer"]
    who = np.flatnonzero((since >= seconds_of(HISTORY_START)) & (since < NEVER))
    draws = person_draws(population.seed, "first orders", population.cohort_sizes, _DRAWS).take(who)
    number = np.array([f"F{n:07d}" for n in who], dtype=object)
    return _order(population, "order", who, since[who], number, draws, may_fail=False)


def _bought(population: Population, bought: Columns, wave: int) -> Columns:
    rows = bought["wave"] == wave
    who, at = bought["who"][rows], bought["at"][rows]
    draws = population.draws(f"bought {wave}", _DRAWS).take(who)
    number = np.array([f"B{wave:03d}{n:07d}" for n in who], dtype=object)
    return _order(population, "order", who, at, number, draws, may_fail=False)


def _repeated(population: Population, kind: str) -> Columns:
    audience, expected = KINDS[kind]
    per_month = (
        orders_a_month(population) if kind == "order" else np.full(len(population), expected)
    )
    if audience == "fan":
        per_month = per_month * np.where(population.since["superfan"] < NEVER, 3.0, 1.0)

    def rate(month: int) -> np.ndarray:
        here = slice(0, population.present(month))
        first, after = month_start(month), month_start(month + 1)
        stays = population.active(audience, here, first) & population.active(audience, here, after)
        return np.where(stays, per_month[here], 0.0)

    who, month, draws = happenings(population.seed, kind, range(population.months), rate, _DRAWS)
    position = np.arange(len(month)) - np.searchsorted(month, month)
    number = np.array(
        [f"{_PREFIX[kind]}{m:03d}{n:05d}" for m, n in zip(month, position, strict=True)],
        dtype=object,
    )
    first, after = month_start(month), month_start(month + 1)
    ordered = first + (draws["moment"] * (after - first)).astype(np.int64)
    return _order(population, kind, who, ordered, number, draws, may_fail=True)


def _order(
    population: Population, kind: str, who: np.ndarray, ordered: np.ndarray, number: np.ndarray,
    draws: Draws, may_fail: bool,
) -> Columns:  # fmt: skip
    amount = np.round(_MEDIAN_AMOUNT[kind] * np.exp(0.6 * draws.normal("amount")), 2)
    fate = draws["fate"] if may_fail else np.ones(len(who))
    changes = ordered + DAY + draws.waiting("fate_wait", 12 * DAY)
    changes = np.where(fate < CANCELLED + REFUNDED, changes, NEVER)
    late = np.where(
        draws.chance("late", 0.03), 3 * DAY + (draws["late_days"] * 17 * DAY).astype(np.int64), HOUR
    )
    entered = ordered + late
    row, at = timeline(entered, [np.maximum(changes, entered)])
    changed = at >= changes[row]
    cancelled, refunded = changed & (fate[row] < CANCELLED), changed & (fate[row] >= CANCELLED)
    share = np.where(draws.chance("rated", 0.5), 1.0, 0.5)[row]
    columns = {
        "order_id": number[row],
        "kind": np.full(len(row), kind, dtype=object),
        "person_uid": population["person_uid"][who][row],
        **{name: values[row] for name, values in _buyer(population, who, draws).items()},
        "ordered_at": ordered[row],
        "amount": amount[row],
        "status": np.where(cancelled, "cancelled", np.where(refunded, "refunded", "paid")).astype(
            object
        ),
        "refunded_amount": np.where(refunded, np.round(amount[row] * share, 2), 0.0),
        "cost": _cost(kind, amount)[row],
        "location": draws.choice("place", _LOCATIONS, [60, 8, 7, 12, 9, 4])[row],
        "delivery_rating": _stars(draws)[row] if kind == "order" else np.full(len(row), None),
        "updated_at": at,
        "shown": at,
    }
    return columns


def _buyer(population: Population, who: np.ndarray, draws: Draws) -> Columns:
    """Return name and e-mail as typed at the till, and the zone of the clock on the receipt."""
    email = flaws.without(population["email"][who], draws.chance("no_email", 0.09))
    slips = draws.chance("typo_mail", flaws.SHARE_OF_TYPOS * 0.5)
    name = population["first_name"][who] + " " + population["last_name"][who]
    name_slips = draws.chance("typo_name", flaws.SHARE_OF_TYPOS * 0.5)
    away = draws.chance("away", 0.04)
    zones = np.array([place.time_zone for place in PLACES], dtype=object)
    elsewhere = zones[(draws["away"] / 0.04 * len(PLACES)).astype(np.int64) % len(PLACES)]
    return {
        "email": flaws.mistyped(email, slips, draws, "typo_mail_at"),
        "name": flaws.mistyped(name, name_slips, draws, "typo_name_at"),
        "time_zone": np.where(away, elsewhere, population.place["time_zone"][who]),
        "currency": population.place["currency"][who],
    }


def _cost(kind: str, amount: np.ndarray) -> np.ndarray:
    """Return what each order cost, None for kinds whose costs nobody keeps."""
    if kind not in _COST_SHARE:
        return np.full(len(amount), None)
    return np.round(amount * _COST_SHARE[kind], 2).astype(object)


def _stars(draws: Draws) -> np.ndarray:
    """Return the 1-5 delivery rating: often missing, 9 for 'no answer', a few keyed in wrongly."""
    stars = 1 + draws.index("stars", 5, [4, 7, 17, 38, 34])
    luck = draws["rated"]
    stars = np.where(luck > 0.985, [NO_ANSWER], stars)
    wrong = np.array([0, 6, 55, 7])[(draws["stars"] * 4).astype(np.int64)]
    stars = np.where(luck > 0.994, wrong, stars).astype(object)
    return flaws.without(stars, luck < 0.55)


def erasures_table(population: Population) -> tuple[Columns, np.ndarray]:
    """Return whose accounts every shop and till has to forget, and since when."""
    who = np.flatnonzero(population["erased"] < NEVER)
    erased = population["erased"][who]
    return {"person_uid": population["person_uid"][who], "erased_at": erased}, erased


def register_table(population: Population) -> tuple[Columns, np.ndarray]:
    """Return the member register and when each version shows; each renewal moves ``valid_to``."""
    parts = []
    for audience, letter in _FILES.items():
        names = (
            "no_email typo_mail typo_mail_at typo_name typo_name_at delay fixed fixed_wait style"
        )
        since, until = population.since[audience], population.until[audience]
        who = np.flatnonzero((since < NEVER) & (since < population["erased"]))
        draws = population.draws(f"register {audience}", names).take(who)
        parts.append(_members(population, audience, letter, who, since[who], until[who], draws))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return columns, columns["updated_at"]


def _members(
    population: Population, kind: str, letter: str, who: np.ndarray, since: np.ndarray,
    until: np.ndarray, draws: Draws,
) -> Columns:  # fmt: skip
    joined = since + draws.between("delay", HOUR, 4 * DAY)
    runs = np.full(len(who), kind != "junior_fan")
    renewals = [
        np.where(
            runs & (since + (year + 1) * 365 * DAY <= until),
            since + year * 365 * DAY - 10 * DAY,
            NEVER,
        )
        for year in range(1, 12)
    ]
    email = flaws.without(population["email"][who], draws.chance("no_email", 0.16))
    slips = draws.chance("typo_mail", flaws.SHARE_OF_TYPOS * 0.5)
    first, last = population["first_name"][who], population["last_name"][who]
    typed = flaws.mistyped(
        last, draws.chance("typo_name", flaws.SHARE_OF_TYPOS * 0.6), draws, "typo_name_at"
    )
    name = np.where(draws.chance("style", 0.5), first + " " + typed, typed + ", " + first)
    erased = population["erased"][who]
    row, at = timeline(joined, [*renewals, erased], erased)
    runs_to = since + 365 * DAY
    ends = np.tile(runs_to, (1, 1))[0][row]
    for renewal in renewals:
        ends = ends + np.where(at >= renewal[row], 365 * DAY, 0)
    return {
        "member_number": np.array([f"{letter}{n:06d}" for n in who], dtype=object)[row],
        "person_uid": population["person_uid"][who][row],
        "email": flaws.mistyped(email, slips, draws, "typo_mail_at")[row],
        "name": name[row],
        "kind": np.full(len(row), kind, dtype=object),
        "valid_from": days(since)[row],
        "valid_to": flaws.only(days(ends), runs[row]),
        "updated_at": at,
        "is_gone": at >= erased[row],
    }
