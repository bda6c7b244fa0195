"""People whose answers hang on two things in a way that a hand can work out (golden/README.md)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]
OPENED, ANSWERED = datetime(2025, 8, 1, 9), datetime(2025, 8, 5, 10)
# audience -> the people of it, as (slow, bought, times): slow tickets change hands, and need a
# second reply where the audience says so.
CELLS = [(False, False, 48), (False, True, 48), (True, False, 16), (True, True, 16)]
ORTHOGONAL, TWINS, TOO_FEW = "member", "superfan", "season_ticket_holder"


def people() -> Iterator[tuple[str, str, bool, bool, int]]:
    """Yield who there is: audience, account, slow, bought, and one up or down in turn."""
    for audience, cells in ((ORTHOGONAL, CELLS), (TWINS, CELLS), (TOO_FEW, CELLS[:1] * 2)):
        number = 0
        for slow, bought, times in cells:
            for n in range(times):
                number += 1
                yield audience, f"hubspot:{audience}{number}", slow, bought, 1 if n % 2 else -1


def rows() -> dict[str, list[Row]]:
    """Return the rows of every contract that these people fill."""
    found: dict[str, list[Row]] = {
        name: []
        for name in ("person_observations", "survey_answers", "tickets", "ticket_events", "orders")
    }
    for audience, account, slow, bought, luck in people():
        name = account.removeprefix("hubspot:")
        found["person_observations"].append(
            {"source": "hubspot", "account_id": account, "email": f"{name}@example.org",
             "updated_at": datetime(2025, 1, 1)}
        )  # fmt: skip
        found["tickets"].append(
            {"source": "zendesk", "ticket_id": f"t-{name}", "account_id": account, "channel": "web",
             "touchpoint_type": "fan_ticket", "status": "solved", "created_at": OPENED,
             "audience": audience}
        )  # fmt: skip
        found["ticket_events"] += story(name, slow, slow and audience == TWINS)
        # What was bought moves the answer of the members alone; nobody else buys anything.
        bought = bought and audience == ORTHOGONAL
        if bought:
            found["orders"].append(
                {"source": "files", "order_id": f"o-{name}", "account_id": account,
                 "order_kind": "order", "status": "paid", "ordered_at": OPENED}
            )  # fmt: skip
        found["survey_answers"].append(
            {"source": "qualtrics", "answer_id": f"a-{name}", "response_id": f"a-{name}",
             "question_id": "QID1", "account_id": account, "instrument": "ticket_survey",
             "metric_role": "csat", "scale_min": 1.0, "scale_max": 5.0, "ticket_id": f"t-{name}",
             "confidentiality": "identified", "response_status": "complete", "audience": audience,
             "answered_at": ANSWERED, "answer_value": 3.0 - slow + bought + luck}
        )  # fmt: skip
    return found


def story(name: str, slow: bool, again: bool) -> list[Row]:
    """Return the events of a ticket: an hour to the reply, a day to the solution."""
    told = [(1, "comment", None, None), (24, "status", "solved", "open")]
    told += [(0.5, "assignment", "zendesk:b", "zendesk:a")] if slow else []
    told += [(20, "comment", None, None)] if again else []
    # After the answer, so it explains nothing: the ticket comes back and changes hands.
    told += [(200, "status", "open", "solved"), (201, "assignment", "zendesk:c", "zendesk:b"),
             (220, "status", "solved", "open")]  # fmt: skip
    return [
        {"source": "zendesk", "ticket_event_id": f"{name}-{n}", "ticket_id": f"t-{name}",
         "actor_account_id": "zendesk:agent", "actor_role": "agent", "event_type": kind,
         "is_public": kind == "comment" or None, "value": value, "previous_value": before,
         "occurred_at": OPENED + timedelta(hours=hours)}
        for n, (hours, kind, value, before) in enumerate(told)
    ]  # fmt: skip
