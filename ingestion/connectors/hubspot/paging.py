"""How HubSpot is walked where its own page references do not reach."""

from datetime import datetime
from typing import Any, cast

from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import Request, Response

from ingestion.errors import VendorFault

Row = dict[str, Any]

REMEDY = "grant the scopes named in the connector's README"


class SearchKeyset(BasePaginator):
    """Walk a search by object id: HubSpot answers 400 past the 10,000th hit of one query.

    Both ends of the window are inclusive and stay fixed. A record that changes during the walk can
    only leave the window at its upper end, where the next run begins.
    """

    def __init__(self, modified: str, start: datetime, end: datetime) -> None:
        super().__init__()
        self.window = [
            {"propertyName": modified, "operator": "GTE", "value": _milliseconds(start)},
            {"propertyName": modified, "operator": "LTE", "value": _milliseconds(end)},
        ]
        self.next_id = 0

    def init_request(self, request: Request) -> None:
        self.update_request(request)

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        self._has_next_page = bool(data) and "paging" in response.json()
        if data:
            self.next_id = max(int(row["id"]) for row in data) + 1

    def update_request(self, request: Request) -> None:
        keyset = {"propertyName": "hs_object_id", "operator": "GTE", "value": str(self.next_id)}
        request.json = {
            **cast(Row, request.json),
            "filterGroups": [{"filters": [*self.window, keyset]}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        }


class MoreOfTheSame(BasePaginator):
    """Ask again for the associations of those records that have more than one answer holds.

    A record without any is an error of its own inside a success (207); any other error there stops
    the source, for its records would look as if they had none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.inputs: list[dict[str, str]] = []

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        for error in response.json().get("errors", []):
            if error.get("category") != "OBJECT_NOT_FOUND":
                raise VendorFault("hubspot", f"refused associations: {error['message']}", REMEDY)
        cursors = ((row, row.get("paging", {}).get("next", {}).get("after")) for row in data or [])
        self.inputs = [{"id": row["from"]["id"], "after": after} for row, after in cursors if after]
        self._has_next_page = bool(self.inputs)

    def update_request(self, request: Request) -> None:
        request.json = {"inputs": self.inputs}


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
