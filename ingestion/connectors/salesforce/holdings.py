"""The sandbox's world arranged as an org holds it: each object's records, sorted by id.

It is the world that other vendors show: the contacts, companies and deals of the CRM, the tickets
of the help desk. Half of the people who are twice in the CRM are once a lead.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from ingestion.connectors.salesforce import wire
from ingestion.sandbox.crm import DUPLICATE, FIRST_CONTACT_ID
from ingestion.sandbox.support_users import BOT_ID
from ingestion.sandbox.wire import Tables, rows

Row = dict[str, Any]

BIN_DAYS = 15
NO_DELETIONS = {"OpportunityHistory", "CaseHistory", "User"}
NO_BULK = {"OpportunityHistory", "CaseHistory"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The records of one object; `deletions` are told longer than deleted records are kept."""

    records: list[Row]
    deletions: list[tuple[str, datetime]]

    @property
    def fields(self) -> list[str]:
        return list(self.records[0]) if self.records else []


def holdings(tables: Tables) -> dict[str, Shelf]:
    """Return each object's shelf."""
    now = max(frame["visible_from"].max() for frame in tables.values() if len(frame))
    people, deals = tables["contacts"], rows(tables["deals"])
    number = people["contact_id"] - FIRST_CONTACT_ID
    is_lead = (number % 10 == DUPLICATE) & (number // 10 % 2 == 0)
    users = _users(tables)
    cases = _cases(tables, people[~is_lead], users)
    events = _case_events(tables, cases, users)
    spoken: dict[str, Iterable[Row]] = {
        "Account": map(wire.account, rows(tables["organisations"])),
        "Contact": map(wire.contact, rows(people[~is_lead])),
        "Lead": map(wire.lead, rows(people[is_lead])),
        "Opportunity": map(wire.opportunity, deals),
        "OpportunityHistory": (row for deal in deals for row in wire.opportunity_history(deal)),
        "OpportunityContactRole": map(wire.opportunity_contact, deals),
        "Task": (wire.task(deal) for deal in deals if deal["entered_contract_at"]),
        "Event": (wire.event(deal) for deal in deals if deal["entered_appointment_at"]),
        "Case": map(wire.case, cases),
        "CaseHistory": _history(events),
        "CaseComment": _told(events, wire.case_comment, is_public=False),
        "EmailMessage": _told(events, wire.email_message, is_public=True),
        "User": map(wire.user, {row["id"]: row for row in users.values()}.values()),
    }
    return {kind: _shelf(records, now.to_pydatetime()) for kind, records in spoken.items()}


def _shelf(records: Iterable[Row], now: datetime) -> Shelf:
    """Sort records, and empty the bin of what lies there too long."""
    kept, deletions = [], []
    for record in records:
        if record.get("IsDeleted") and "SystemModstamp" in record:
            deleted_at = datetime.fromisoformat(record["SystemModstamp"])
            deletions.append((record["Id"], deleted_at))
            if deleted_at < now - timedelta(days=BIN_DAYS):
                continue
        kept.append(record)
    return Shelf(sorted(kept, key=lambda record: str(record["Id"])), deletions)


def _users(tables: Tables) -> dict[int, Row]:
    """Return users by their numbers in the world; an owner who is an agent too is one user."""
    owners = tables["crm_owners"].assign(
        number=tables["crm_owners"]["owner_id"], employee_number=None, user_type="Standard"
    )
    owners["is_active"] = ~owners["archived"]
    agents = tables["support_users"][tables["support_users"]["role"] != "end-user"]
    names = agents["name"].str.split(n=1, expand=True).reindex(columns=[0, 1])
    agents = agents.assign(
        number=agents["user_id"],
        first_name=names[0],
        last_name=names[1],
        user_type=np.where(agents["user_id"] == BOT_ID, "AutomatedProcess", "Standard"),
        is_active=agents["active"],
    )
    users = {row["number"]: row for row in rows(owners)}
    by_email = {row["email"]: row for row in users.values() if row["email"]}
    for agent in rows(agents):
        known = by_email.get(agent["email"])
        if known is not None:
            known["employee_number"] = agent["employee_number"]
        users[agent["number"]] = agent if known is None else known
    return {number: row | {"id": wire.salesforce_id("User", row["number"])} for number, row in
            users.items()}  # fmt: skip


def _cases(tables: Tables, contacts: pd.DataFrame, users: dict[int, Row]) -> list[Row]:
    """Return tickets with whom they are from, as far as the CRM can tell."""
    standing = contacts[contacts["archived_at"].isna()]
    by_email = dict(zip(standing["email"].str.lower(), standing["contact_id"], strict=True))
    by_number = {str(number): number for number in standing["contact_id"]}
    companies = dict(zip(contacts["contact_id"], contacts["organisation_id"], strict=True))
    requesters = {row["user_id"]: row for row in rows(tables["support_users"])}
    cases = rows(tables["tickets"])
    for case in cases:
        asked_by = requesters.get(case["requester_id"], {})
        address = str(asked_by.get("email") or "").lower()
        contact = by_number.get(asked_by.get("external_id") or "") or by_email.get(
            address or "nobody"
        )
        company = companies.get(contact)
        case["contact_id"], case["from_address"] = contact, address or None
        case["organisation_id"] = None if pd.isna(company) else company
        case["agent"] = users.get(case["assignee_id"], {}).get("id")
    return cases


def _case_events(tables: Tables, cases: list[Row], users: dict[int, Row]) -> list[Row]:
    # What happened to a case goes with it.
    by_ticket = {case["ticket_id"]: case for case in cases if case["status"] != "deleted"}
    frame = tables["ticket_events"]
    events = rows(frame.assign(recorded_at=frame[["created_at", "visible_from"]].max(axis=1)))
    site_user = wire.salesforce_id("User", 1)
    for event in events:
        acting = users.get(event["actor_id"], {})
        event["is_incoming"] = event["actor_role"] == "end-user"
        event["actor"] = acting.get("id", site_user)
        case = by_ticket.get(event["ticket_id"], {})
        sender = case.get("from_address") if event["is_incoming"] else "help@sandbox.example"
        event["from_address"] = sender
        if event["event_type"] == "assignment":
            event["agent"], event["previous_agent"] = (
                users.get(int(value or 0), {}).get("id")
                for value in (event["value"], event["previous_value"])
            )
    return [event for event in events if event["ticket_id"] in by_ticket]


def _history(events: list[Row]) -> Iterable[Row]:
    for event in events:
        if event["event_type"] in ("created", "status", "assignment"):
            row = wire.case_history(event)
            if row["Field"] == "created" or row["OldValue"] != row["NewValue"]:
                yield row


def _told(events: list[Row], speak: Callable[[Row], Row], is_public: bool) -> Iterable[Row]:
    return (
        speak(event)
        for event in events
        if event["event_type"] == "comment" and event["is_public"] == is_public
    )
