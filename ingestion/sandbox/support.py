"""The help desk: who asks, who answers, how long it takes, and how each request ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import effects, phrases
from ingestion.sandbox.clock import DAY, HOUR, MINUTE, NEVER, month_start
from ingestion.sandbox.draws import Draws, happenings
from ingestion.sandbox.people import Population
from ingestion.sandbox.support_users import Desk
from ingestion.sandbox.versions import Columns
from ingestion.sandbox.workforce import Workforce

FIRST_TICKET_ID = 1_001
CUSTOMERS, DEALERS, FANS = 9001, 9002, 9003
CHANNELS = ("web", "email", "chat", "voice")
# A chat is answered in minutes, a mail in hours: log of the factor on the usual wait.
_CHANNEL_WAIT = np.array([0.0, 0.25, -3.4, -4.2])
TICKETS_PER_MONTH = 0.081
_DRAWS = (
    "moment hour channel topic priority agent wait solve reopened reopen_wait resolve answered_back"
    " back_wait note fan tags bot unanswered unsolved merged deleted test signature rated rating"
    " rating_wait comment_a comment_b generated reassigned scrub csat ces answers survey_wait other"
    " opened speed late second_agent says language"
)


@dataclass(frozen=True, slots=True)
class Tickets:
    """Every ticket ever opened, one array position each, in order of creation."""

    user: np.ndarray
    who: np.ndarray
    month: np.ndarray
    draws: Draws
    columns: Columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.who)


def make_tickets(
    population: Population, force: Workforce, desk: Desk, moods: np.ndarray
) -> Tickets:
    """Return all tickets with the instants of their lives."""
    weight = 0.35 + 1.3 * population.draws("ticket habit", "habit")["habit"]

    def rate(month: int) -> np.ndarray:
        known = desk.who < population.present(month)
        asks = known & (desk.created < month_start(month)) & (desk.ends >= month_start(month + 1))
        return np.where(asks, TICKETS_PER_MONTH * weight[desk.who], 0.0)[: desk.known_by(month)]

    user, month, draws = happenings(
        population.seed, "tickets", range(population.months), rate, _DRAWS
    )
    created = _opened(month, draws)
    order = np.lexsort((created, month))
    user, month, created, draws = user[order], month[order], created[order], draws.take(order)
    who = desk.who[user]
    columns = _request(population, who, created, draws)
    columns["created"] = created
    columns["ticket_id"] = FIRST_TICKET_ID + np.arange(len(who))
    columns["agent"] = _agents(force, month, draws["agent"])
    columns["second_agent"] = _agents(force, month, draws["second_agent"])
    columns["department"] = _department(force, columns["agent"], month)
    columns.update(_course(draws, columns, month, moods))
    return Tickets(user, who, month, draws, columns)


def _opened(month: np.ndarray, draws: Draws) -> np.ndarray:
    """Return when each ticket was opened; most come between 7 and 21 o'clock UTC."""
    start, end = month_start(month), month_start(month + 1)
    day = start + (draws["moment"] * (end - start)).astype(np.int64) // DAY * DAY
    hour = np.where(draws["hour"] < 0.06, draws["hour"] * 116, 7 + (draws["hour"] - 0.06) * 14.9)
    return day + (hour * HOUR).astype(np.int64)


def _request(population: Population, who: np.ndarray, created: np.ndarray, draws: Draws) -> Columns:
    dealer = population.active("dealer", who, created)
    fan = population.active("fan", who, created) & draws.chance("fan", 0.5)
    topic = draws.index("topic", len(phrases.TOPICS), [5, 6, 4, 4, 2, 3])
    topic = np.where(fan, draws.index("topic", len(phrases.TOPICS), [2, 1, 4, 1, 9, 3]), topic)
    language = np.where(draws.chance("language", 0.08), "en", population.place["language"][who])
    subject, description = phrases.tickets(language, topic)
    signed = np.flatnonzero(draws.chance("signature", 0.07))
    for row in signed:
        person = who[row]
        description[row] += (
            f"\n-- \n{population['first_name'][person]} {population['last_name'][person]},"
            f" {population['phone'][person]}"
        )
    return {
        "brand_id": np.where(dealer, DEALERS, np.where(fan, FANS, CUSTOMERS)),
        "topic": np.array(phrases.TOPICS, dtype=object)[topic],
        "language": language,
        "subject": subject,
        "description": description,
        "channel": draws.index("channel", len(CHANNELS), [40, 35, 15, 10]),
        "priority": draws.choice(
            "priority", ["low", "normal", "high", "urgent", None], [15, 50, 18, 5, 12]
        ),
        "is_test": draws.chance("test", 0.012),
    }


def _agents(force: Workforce, month: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return who takes each ticket: someone who works in a care team all through that month."""
    agent = np.zeros(len(month), dtype=np.int64)
    for number in np.unique(month):
        start, after = month_start(number), month_start(number + 1)
        inside = force.at_work(start) & force.at_work(after)
        inside &= np.isin(force.department_at(start), effects.CARE_TEAM_NUMBERS)
        inside &= force.department_at(start) == force.department_at(after)
        pool = np.flatnonzero(inside)
        rows = month == number
        agent[rows] = pool[(luck[rows] * len(pool)).astype(np.int64)]
    return agent


def _department(force: Workforce, agent: np.ndarray, month: np.ndarray) -> np.ndarray:
    moved = force["transferred"][agent] <= month_start(month)
    return np.where(moved, force["department_after"][agent], force["department"][agent])


def _course(draws: Draws, columns: Columns, month: np.ndarray, moods: np.ndarray) -> Columns:
    """Return first reply, solution, reopening, closing and deletion of each ticket."""
    created = columns["created"]
    mood = effects.team_mood(moods, columns["department"], month, effects.ENGAGEMENT_LEADS_BY)
    wait = np.exp(
        np.log(effects.USUAL_FIRST_RESPONSE_MINUTES)
        + _CHANNEL_WAIT[columns["channel"]]
        - effects.ENGAGEMENT_SLOWS * mood
        + 0.8 * draws.normal("wait")
    )
    replied = created + np.maximum((wait * MINUTE).astype(np.int64), 40)
    unanswered = draws.chance("unanswered", 0.03)
    replied = np.where(unanswered, NEVER, replied)
    factor = np.exp(1.1 * draws.normal("solve") - 0.5 * effects.ENGAGEMENT_SLOWS * mood)
    solved = replied + 2 * MINUTE + (factor * 14 * HOUR * (wait > 30)).astype(np.int64)
    solved += ((wait <= 30) * factor * 20 * MINUTE).astype(np.int64)
    solved = np.where(unanswered | draws.chance("unsolved", 0.02), NEVER, solved)
    reopened = solved + HOUR + draws.waiting("reopen_wait", 40 * HOUR)
    closes = solved + 4 * DAY
    reopened = np.where(draws.chance("reopened", 0.08) & (reopened < closes), reopened, NEVER)
    again = reopened + HOUR + draws.waiting("resolve", 20 * HOUR)
    merged = draws.chance("merged", 0.012) & (replied < NEVER)
    solved, reopened = (np.where(merged, NEVER, moment) for moment in (solved, reopened))
    last_solved = np.where(reopened < NEVER, again, solved)
    closed = np.where(last_solved < NEVER, last_solved + 4 * DAY, NEVER)
    deleted = created + 6 * HOUR + draws.waiting("scrub", 60 * DAY)
    deleted = np.where(
        draws.chance("deleted", 0.008) | (columns["is_test"] & draws.chance("deleted", 0.5)),
        deleted,
        NEVER,
    )
    back = replied + 10 * MINUTE + (draws["back_wait"] * 0.6 * (solved - replied)).astype(np.int64)
    back = np.where(
        draws.chance("answered_back", 0.4) & (solved < NEVER) & (back < solved - 5 * MINUTE),
        back,
        NEVER,
    )
    return {
        "wait_minutes": wait,
        "mood": mood,
        "replied": replied,
        "solved": solved,
        "reopened": reopened,
        "solved_again": np.where(reopened < NEVER, again, NEVER),
        "closed": np.where(merged, replied + 3 * MINUTE, closed),
        "is_merged": merged,
        "deleted": deleted,
        "came_back": back,
    }
