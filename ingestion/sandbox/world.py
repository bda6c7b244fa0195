"""The sandbox's world: one seeded organisation, what each vendor holds of it, and the truth.

``make_world`` simulates month by month from July 2023; ``World.at`` gives what the vendors' APIs
show at an instant. The same people, seed and instant give the same bytes, and a world that is
simulated further shows the same past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from ingestion.sandbox import (
    applications,
    audiences,
    campaigns,
    commerce,
    community,
    crm,
    culture,
    deeds,
    effects,
    followups,
    instruments,
    organisations,
    sales,
    support,
    support_tables,
    support_users,
    survey_tables,
    surveys,
    trainings,
    truth,
    walks,
    web_form,
    workforce,
)
from ingestion.sandbox.clock import month_number, month_start, seconds_of
from ingestion.sandbox.people import make_people
from ingestion.sandbox.state import PEOPLE, SEED, START
from ingestion.sandbox.versions import build, latest

UNTIL = START.date()


class BeyondTheHorizon(ValueError):
    """Raised when a world is asked about an instant that was not simulated."""

    def __init__(self, as_of: pd.Timestamp, horizon: pd.Timestamp) -> None:
        super().__init__(
            f"This world ends before {horizon.isoformat()} and can not show {as_of.isoformat()};"
            " make it with a later until."
        )


@dataclass(frozen=True)
class World:
    """One organisation: ``tables`` of versions, ``truth`` that no API shows, and their end."""

    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]
    horizon: pd.Timestamp

    def at(self, as_of: datetime) -> dict[str, pd.DataFrame]:
        """Return every table as the vendors show it at an instant (with a time zone).

        Raises BeyondTheHorizon for an instant at or after the horizon.
        """
        moment = pd.Timestamp(seconds_of(as_of), unit="s", tz="UTC")
        if moment >= self.horizon:
            raise BeyondTheHorizon(moment, self.horizon)
        return {name: latest(name, versions, moment) for name, versions in self.tables.items()}


def make_world(
    people: int = PEOPLE, seed: int = SEED, until: date = UNTIL, shuffled: bool = False
) -> World:
    """Return the organisation, simulated to the end of the month of ``until``.

    ``shuffled``, the planted effects of action are tied to nobody, and none is there to find.
    """
    months = month_number(until) + 1
    if months < 1:
        raise ValueError(f"History starts on 2023-07-01; {until.isoformat()} lies before it.")
    horizon = int(month_start(months))
    population = make_people(seed, people, months, shuffled)
    audiences.assign_audiences(population)
    population.columns["erased"] = crm.erasures(population)
    force = workforce.make_workforce(population)
    companies = organisations.make_organisations(seed, people)
    organisations.assign_employers(population, companies)
    contacts = crm.make_contacts(population, companies)
    desk = support_users.make_desk(population, contacts, companies)
    moods = effects.engagement(seed, months)
    tickets = support.make_tickets(population, force, desk, moods)
    tickets = web_form.spared(population, tickets)
    panel = instruments.make_panel(population, contacts, force, tickets)
    asked = surveys.ask_everyone(population, force, panel, tickets, moods)
    calls, asked = followups.follow_up(population, asked)
    inside = culture.ask(population, force, panel)
    shared, bought = deeds.after_answers(population, asked)
    readers = campaigns.make_subscribers(population, contacts)
    owners = crm.owner_ids(people)
    hiring = applications.make_applications(population)
    members = community.make_accounts(population)
    posts = community.make_posts(population, members)
    versions = {
        "organisations": organisations.organisations_table(companies, owners),
        "crm_owners": crm.owners_table(people, force),
        "contacts": crm.contacts_table(population, contacts, owners),
        "deals": sales.deals_table(population, contacts, owners),
        "crm_feedback": sales.feedback_table(population, contacts),
        "surveys": instruments.surveys_table(),
        "survey_questions": instruments.questions_table(),
        "survey_contacts": instruments.panel_table(panel, population),
        "distributions": culture.beside(
            survey_tables.distributions_table(asked), survey_tables.distributions_table(inside)
        ),
        "survey_invitations": culture.beside(
            survey_tables.invitations_table(asked, panel),
            survey_tables.invitations_table(inside, panel),
        ),
        "survey_responses": culture.beside(
            survey_tables.responses_table(asked, panel, population, tickets),
            survey_tables.responses_table(inside, panel, population, tickets, culture.said),
        ),
        "employees": workforce.employees_table(population, force),
        "employee_jobs": workforce.jobs_table(force),
        "employee_statuses": workforce.statuses_table(force),
        "support_users": support_users.users_table(population, desk, force),
        "support_organizations": support_users.organizations_table(companies),
        "tickets": support_tables.tickets_table(tickets, desk, force),
        "ticket_events": support_tables.events_table(tickets, desk, force),
        "satisfaction_ratings": support_tables.ratings_table(tickets, desk, force, population),
        "orders": commerce.orders_table(population, bought),
        "memberships_file": commerce.register_table(population),
        "erasures": commerce.erasures_table(population),
        "calls": followups.calls_table(population, calls),
        "trainings": trainings.trainings_table(population, force),
        "walks": walks.walks_table(seed, months),
        "shares": deeds.shares_table(population, shared),
        "candidates": applications.candidates_table(population, hiring),
        "applications": applications.applications_table(hiring),
        "application_stages": applications.stages_table(hiring),
        "job_offers": applications.offers_table(hiring),
        "community_users": community.users_table(population, members),
        "community_posts": community.posts_table(posts),
        "community_likes": community.likes_table(population, members, posts),
        "film_comments": community.comments_table(population),
        "film_channels": community.channel_table(population),
        "subscribers": campaigns.subscribers_table(population, readers),
        "campaigns": campaigns.campaigns_table(population, readers),
        "campaign_activity": campaigns.activity_table(population, readers),
    }
    tables = {
        name: build(name, columns, shown, horizon) for name, (columns, shown) in versions.items()
    }
    known = truth.Known(population, force, asked, bought, moods, months, horizon)
    return World(tables, truth.frames(known, tables), pd.Timestamp(horizon, unit="s", tz="UTC"))
