"""The pages of the site that are not of one audience: each a title and its panels, as data."""

from dataclasses import dataclass

from dashboards.pages import actions, balance, data, fans, listening, organisation, workforce
from dashboards.pages.shared import over_time
from dashboards.panels import Panel


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its file's name, what the navigation calls it, its question and its panels."""

    name: str
    title: str
    question: str
    panels: tuple[Panel, ...]


WAITS = ("first_response_minutes_p50", "resolution_minutes_p50")
PROMISES = ("sla_attainment", "first_contact_resolution", "reopen_rate")
ENGAGED = ("fan_engagement", "fan_engagement_without_purchase", "superfan_share")
PAGES = (
    Page(
        "listening",
        "Listening",
        "Whom do we hear, how, and what do the others do?",
        (*listening.PANELS, over_time("Who answers", ("response_rate",))),
    ),
    Page(
        "support",
        "Support",
        "How long do people wait, and does it help?",
        (
            over_time("Waits", WAITS),
            over_time("Promises and outcomes", PROMISES),
            over_time("Backlog, week by week", ("backlog",), period="week"),
        ),
    ),
    Page(
        "workforce",
        "Workforce",
        "How are the people who do the work?",
        (
            over_time("eNPS", ("enps",), period="wave"),
            *workforce.PANELS,
            over_time("Coming and going", ("turnover", "headcount"), "workforce"),
        ),
    ),
    Page(
        "fans",
        "Fans and advocacy",
        "Who takes part, who speaks for us, who moves on?",
        (
            *fans.PANELS,
            over_time("Engagement", ENGAGED, period="month"),
            over_time("Advocacy", ("advocacy_per_hundred",)),
            over_time("Followers", ("follower_growth",), period="month"),
        ),
    ),
    Page("balance", "Pre and post", "Where do we invest, where does it show?", balance.PANELS),
    Page("actions", "Actions", "What do we do about it, and does it work?", actions.PANELS),
    Page("organisation", "Organisation", "How well is it set up to act?", organisation.PANELS),
    Page("data", "Data", "Is the house in order?", data.PANELS),
)
