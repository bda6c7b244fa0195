"""BambooHR over its v1 API: employees, and the dated rows of their jobs and employment status.

Pay, national ids, bank, health, religion, union and reasons of absence are never asked for; were
they sent, landing would drop them with every other column that is not declared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import HttpBasicAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from requests import Response

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.bamboohr.tables import EMPLOYEE_KEYS, TABLES
from ingestion.window import clock

BEGINNING = "2000-01-01T00:00:00Z"
PAGE_SIZE = 1_000
# What the list sends unasked is enough for the names, the job title and the status.
ASKED_FOR = (
    "employeeNumber,workEmail,mobilePhone,hireDate,terminationDate,departmentName,divisionName,"
    "locationName,reportsToId,reportsToName"
)


@dlt.source(name="bamboohr", section="bamboohr")
def bamboohr_source(
    base_url: str = dlt.config.value,
    api_key: str = dlt.secrets.value,
    lookback_days: float = 2.0,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the BambooHR tables this house models.

    Changes are read again for `lookback_days`. `as_of` is the run's clock: the present, unless it
    is set.
    """
    client = RESTClient(
        base_url,
        headers={"Accept": "application/json"},  # the vendor's default is XML
        auth=HttpBasicAuth(api_key, "x"),
        session=session(base_url),
        paginator=JSONResponseCursorPaginator("meta.page.nextCursor", "page[after]"),
    )
    until = clock(as_of)
    changes = Changes(client, until, timedelta(days=lookback_days))
    yield dlt.resource(employees, name="employees")(client, changes)
    yield dlt.resource(employee_changes, name="employee_changes")(changes)
    # Job rows give superiors by name, and a new name does not touch the rows of those they lead.
    yield dlt.resource(dated_rows, name="job_info")(changes.from_the_beginning(), "jobInfo")
    yield dlt.resource(dated_rows, name="employment_status")(changes, "employmentStatus")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a resource was last read, up to a bound that is fixed before the run."""

    client: RESTClient
    until: datetime
    lookback: timedelta
    is_whole: bool = False

    def from_the_beginning(self) -> "Changes":
        """Return the same for a resource that reads everything in each run."""
        return replace(self, is_whole=True)

    def read(self, path: str, **query: str) -> Mapping[str, dict[str, Any]]:
        """Return the answer's employees by id, and remember how far this resource has read."""
        state = dlt.current.resource_state()
        params = {"since": self._since(state.get("read_until")), **query}
        answer = self.client.get(path, params=params, hooks={"response": [refuse_errors]})
        state["read_until"] = self.until.isoformat()
        return answer.json()["employees"] or {}  # nobody is sent as an empty list

    def _since(self, read_until: str | None) -> str:
        if not read_until or self.is_whole:
            return BEGINNING
        moment = datetime.fromisoformat(read_until) - self.lookback
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def refuse_errors(response: Response, *_: Any, **__: Any) -> None:
    """Raise on an error status."""
    response.raise_for_status()


def employees(client: RESTClient, changes: Changes) -> Iterator[list[dict[str, Any]]]:
    """Yield every employee, then a tombstone without a value for each one that was deleted."""
    query = {"fields": ASKED_FOR, "page[limit]": PAGE_SIZE}
    for page in client.paginate("employees", params=query, data_selector="data"):
        yield [_readable(row) for row in page]
    gone = changes.read("employees/changed", type="deleted")
    yield [
        dict.fromkeys(EMPLOYEE_KEYS) | {"employeeId": number, "_deleted_reason": "deleted"}
        for number, change in gone.items()
        if change["action"] == "Deleted"
    ]


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the key may not read: null would pass for 'has none'."""
    hidden = set(row.get("_restrictedFields") or ())
    return {key: value for key, value in row.items() if key not in hidden}


def employee_changes(changes: Changes) -> Iterator[list[dict[str, Any]]]:
    """Yield who was inserted, updated or deleted, and when last."""
    yield list(changes.read("employees/changed").values())


def dated_rows(changes: Changes, vendor_table: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the whole table of every employee who changed in any way."""
    changed = changes.read(f"employees/changed/tables/{vendor_table}")
    yield [
        row | {"employeeId": number, "lastChanged": employee["lastChanged"], "position": position}
        for number, employee in changed.items()
        for position, row in enumerate(employee["rows"])
    ]


connector = Connector(
    name="bamboohr",
    title="BambooHR",
    tables=TABLES,
    source=bamboohr_source,
    whose={
        "employees": Whose("employee_id", mentions=("reports_to_id",)),
        "employee_changes": Whose("employee_id"),
        "job_info": Whose("employee_id", mentions=("reports_to",)),
        "employment_status": Whose("employee_id"),
    },
    settings=("base_url", "api_key"),
    sandbox={"api_key": "sandbox"},
)
