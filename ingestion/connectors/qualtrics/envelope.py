"""How Qualtrics wraps every answer: a status of its own, and pages that point to the next one."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import Request, Response


def refuse_errors(response: Response, *_: Any, **__: Any) -> None:
    """Raise on an error status, also on the one that the envelope of an HTTP 200 carries."""
    response.status_code = max(response.status_code, _declared_status(response))
    response.raise_for_status()


def _declared_status(response: Response) -> int:
    if "json" not in response.headers.get("Content-Type", ""):
        return 0
    body = response.json()
    meta = body.get("meta") if isinstance(body, dict) else None
    status = str((meta or {}).get("httpStatus") or "").split(" ")[0]
    return int(status) if status.isdigit() else 0


class NextPage(BasePaginator):
    """Take the query of `nextPage` and nothing else, so that no other host sees the token."""

    def __init__(self) -> None:
        super().__init__()
        self.query: dict[str, str] = {}

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        following = response.json()["result"].get("nextPage")
        self.query = dict(parse_qsl(urlsplit(following or "").query))
        self._has_next_page = bool(self.query)

    def update_request(self, request: Request) -> None:
        params: Any = request.params or {}
        request.params = {**params, **self.query}
