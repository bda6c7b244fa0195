"""BambooHR on the wire, over the sandbox's tables: cursor pages, changes by id, XML by default."""

import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from xml.etree import ElementTree as xml

import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.sandbox import wire
from ingestion.sandbox.wire import Derived, ForgedCursor, Tables, json_values, seal, unseal

CREDENTIAL = "Basic " + base64.b64encode(b"sandbox:x").decode()
PAGE_SIZE, LARGEST_PAGE = 250, 2_500
ALWAYS_SENT = {
    "employeeId": "employee_id",
    "firstName": "first_name",
    "lastName": "last_name",
    "jobTitleName": "job_title",
    "status": "status",
}
ON_REQUEST = {
    "employeeNumber": "employee_number",
    "workEmail": "work_email",
    "homeEmail": "personal_email",
    "mobilePhone": "mobile_phone",
    "hireDate": "hire_date",
    "terminationDate": "termination_date",
    "departmentName": "department",
    "divisionName": "division",
    "locationName": "location",
    "reportsToId": "supervisor_id",
}
# The reason stands in a header; the body of an error is empty.
ERROR_BODIES: dict[int, Any] = {}
Endpoint = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """An answer of the vendor's own that ends a request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Records:
    """Everything the company's account shows at one instant."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    @cached_property
    def employees(self) -> list[dict[str, Any]]:
        table = self.tables["employees"]
        served = rows(table[~table["deleted"].astype(bool)], ALWAYS_SENT | ON_REQUEST)
        for row in served:
            row["employeeId"] = str(row["employeeId"])
            boss = row["reportsToId"]
            row["reportsToId"] = None if boss is None else str(int(boss))
            row["reportsToName"] = None if boss is None else self.names.get(int(boss))
            row |= {"preferredName": None, "photoUrl": None}
        return served

    @cached_property
    def names(self) -> dict[int, str]:
        table = self.tables["employees"]
        names = json_values(table["first_name"] + " " + table["last_name"])
        return dict(zip(table["employee_id"].tolist(), names, strict=True))

    @cached_property
    def changed_at(self) -> dict[int, datetime]:
        """The last change of each employee: any field, or any row of a table."""
        changes = pd.concat(
            [
                self.tables["employees"].set_index("employee_id")["updated_at"],
                self.tables["employee_jobs"].set_index("employee_id")["recorded_at"],
                self.tables["employee_statuses"].set_index("employee_id")["recorded_at"],
            ]
        )
        return changes.groupby(level=0).max().dt.floor("s").to_dict()

    @cached_property
    def deleted(self) -> set[int]:
        table = self.tables["employees"]
        return set(table.loc[table["deleted"].astype(bool), "employee_id"].tolist())

    @cached_property
    def dated(self) -> dict[str, dict[int, list[dict[str, Any]]]]:
        """The rows of each table by employee, in the order of date and of entry."""
        jobs = {
            "date": "date",
            "location": "location",
            "department": "department",
            "division": "division",
            "jobTitle": "job_title",
            "reportsTo": "reports_to",
        }
        statuses = {
            "date": "date",
            "employmentStatus": "employment_status",
            "terminationTypeId": "termination_type",
        }
        job_info = self._ordered("employee_jobs", jobs)
        for row in (row for of_employee in job_info.values() for row in of_employee):
            row["reportsTo"] = self.names.get(row["reportsTo"])
        status = self._ordered("employee_statuses", statuses)
        for row in (row for of_employee in status.values() for row in of_employee):
            row |= {"comment": None, "terminationReasonId": None, "terminationRehireId": None}
        return {"jobInfo": job_info, "employmentStatus": status}

    def _ordered(self, name: str, columns: dict[str, str]) -> dict[int, list[dict[str, Any]]]:
        table = self.tables[name].sort_values(["employee_id", "date", "row_id"], kind="stable")
        groups: dict[int, list[dict[str, Any]]] = {}
        for row in rows(table, {"of": "employee_id"} | columns):
            groups.setdefault(row.pop("of"), []).append(row)
        return groups

    def changed_since(self, since: datetime) -> dict[int, datetime]:
        """Return who changed at or after an instant, and when last."""
        return {number: at for number, at in self.changed_at.items() if at >= since}


class Account:
    """One company's account, at the current instant."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        self.rendered = Derived(tables, Records)

    @property
    def records(self) -> Records:
        current: Records = self.rendered()
        return current

    async def employees(self, request: Request) -> Response:
        everyone = self.records.employees
        size = int(request.query_params.get("page[limit]", PAGE_SIZE))
        if not 1 <= size <= LARGEST_PAGE:
            raise Refusal(400, f"page[limit] must be between 1 and {LARGEST_PAGE}")
        asked_for = set(request.query_params.get("fields", "").split(","))
        sent = ALWAYS_SENT.keys() | {"preferredName", "photoUrl"} | asked_for
        start = _position(request.query_params.get("page[after]"))
        end = start + size
        cursors = {
            "limit": size,
            "nextCursor": seal(str(end)) if end < len(everyone) else None,
            "prevCursor": seal(str(max(0, start - size))) if start else None,
        }
        data = [
            {key: value for key, value in row.items() if key in sent} | {"_restrictedFields": []}
            for row in everyone[start:end]
        ]
        return JSONResponse(
            {
                "data": data,
                "meta": {"total": len(everyone), "page": cursors},
                "_links": {"self": {"href": "/api/v1/employees"}},
            }
        )

    async def changed(self, request: Request) -> Response:
        kind = request.query_params.get("type", "").capitalize()
        changes = {
            str(number): {"id": str(number), "action": action, "lastChanged": _wire(at)}
            for number, at in self.records.changed_since(_since(request)).items()
            for action in ["Deleted" if number in self.records.deleted else "Updated"]
            if kind in ("", action)
        }
        latest = max((change["lastChanged"] for change in changes.values()), default=None)
        # The vendor's PHP writes a map without entries as a list.
        return _speak(request, {"latest": latest, "employees": changes or []})

    async def changed_table(self, request: Request) -> Response:
        name = request.path_params["table"]
        if name == "compensation":
            raise Refusal(403, "The API key may not read this table")
        if name not in self.records.dated:
            raise Refusal(404, f"Unknown table {name}")
        kept = self.records.dated[name]
        changes = {
            str(number): {"lastChanged": _wire(at), "rows": kept[number]}
            for number, at in self.records.changed_since(_since(request)).items()
            if number in kept and number not in self.records.deleted
        }
        return _speak(request, {"table": name, "employees": changes or []})


def rows(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a frame's rows under the vendor's names."""
    return wire.rows(frame[list(columns.values())].set_axis(list(columns), axis=1))


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator of one company; `faults` are laid over it by whoever serves it."""
    account = Account(tables)
    endpoints: dict[str, Endpoint] = {
        "/employees": account.employees,
        "/employees/changed": account.changed,
        "/employees/changed/tables/{table}": account.changed_table,
    }
    routes = [Route(path, _signed_in(endpoint)) for path, endpoint in endpoints.items()]
    return Starlette(routes=routes, exception_handlers={Refusal: refuse})


def _signed_in(endpoint: Endpoint) -> Endpoint:
    async def guarded(request: Request) -> Response:
        if request.headers.get("Authorization") != CREDENTIAL:
            raise Refusal(401, "Invalid API key")
        return await endpoint(request)

    return guarded


async def refuse(request: Request, refusal: Exception) -> Response:
    """Answer a refusal as the vendor does: no body, the reason in a header."""
    assert isinstance(refusal, Refusal)
    headers = {"X-BambooHR-Error-Message": refusal.message}
    return Response(status_code=refusal.status, headers=headers)


def _speak(request: Request, answer: Mapping[str, Any]) -> Response:
    if "application/json" in request.headers.get("Accept", ""):
        return JSONResponse(answer)
    root = xml.Element("result")
    _append(root, answer)
    return Response(xml.tostring(root, xml_declaration=True), media_type="application/xml")


def _append(parent: xml.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, part in value.items():
            _append(xml.SubElement(parent, "field", id=name), part)
    elif isinstance(value, list):
        for part in value:
            _append(xml.SubElement(parent, "row"), part)
    elif value is not None:
        parent.text = str(value)


def _since(request: Request) -> datetime:
    try:
        since = datetime.fromisoformat(request.query_params["since"])
    except (KeyError, ValueError):
        raise Refusal(400, "since must be an ISO 8601 timestamp") from None
    return since if since.tzinfo else since.replace(tzinfo=UTC)


def _wire(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _position(cursor: str | None) -> int:
    try:
        return int(unseal(cursor)) if cursor else 0
    except ForgedCursor:
        raise Refusal(400, "Invalid cursor") from None
