"""Qualtrics on the wire, over the sandbox's tables: envelope, pages, export jobs, errors."""

import io
import itertools
import zipfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.connectors.qualtrics.records import DIRECTORY_ID, Records
from ingestion.sandbox.wire import Derived, ForgedCursor, Tables, seal, unseal

TOKEN = "sandbox"
PAGE_SIZE, LARGEST_PAGE = 100, 500
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
Endpoint = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """An answer of the vendor's own that ends a request."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(slots=True)
class Job:
    """A response export: what it found, and how often it was asked for."""

    lines: Sequence[str]
    polls: int = 0


class Account:
    """One Qualtrics account: its records at the current instant, and the running exports."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        self.rendered = Derived(tables, Records)
        self.jobs: dict[str, Job] = {}
        self.numbers = itertools.count(1)

    @property
    def records(self) -> Records:
        current: Records = self.rendered()
        return current

    async def surveys(self, request: Request) -> Response:
        return page(request, self.records.surveys, "offset")

    async def questions(self, request: Request) -> Response:
        return page(request, self._known(self.records.questions, request, "survey_id"))

    async def directories(self, request: Request) -> Response:
        return page(request, self.records.directories)

    async def mailing_lists(self, request: Request) -> Response:
        self._check_directory(request)
        return page(request, self.records.mailing_lists)

    async def contacts(self, request: Request) -> Response:
        self._check_directory(request)
        return page(request, self._known(self.records.contacts, request, "list_id"))

    async def distributions(self, request: Request) -> Response:
        survey_id = request.query_params.get("surveyId")
        if not survey_id:
            raise Refusal(400, "QVAL_1", "Missing parameter: surveyId")
        return page(request, self.records.distributions.get(survey_id, []))

    async def history(self, request: Request) -> Response:
        distribution_id = request.path_params["distribution_id"]
        if distribution_id not in self.records.distribution_ids:
            raise Refusal(404, "DIST_4", f"Distribution {distribution_id} was not found")
        return page(request, self.records.history.get(distribution_id, []))

    async def start_export(self, request: Request) -> Response:
        responses = self._known(self.records.responses, request, "survey_id")
        wish = await request.json()
        if wish.get("format") != "ndjson":
            raise Refusal(400, "RP_0.3", "Only the format ndjson is served here")
        job_id = f"ES_{next(self.numbers):08d}"
        between = moment(wish.get("startDate")), moment(wish.get("endDate"))
        self.jobs[job_id] = Job(responses.between(*between))
        return answer({"progressId": job_id, "percentComplete": 0.0, "status": "inProgress"})

    async def export_progress(self, request: Request) -> Response:
        job = self._job(request.path_params["job_id"])
        job.polls += 1
        if job.polls == 1:
            return answer({"fileId": None, "percentComplete": 60.0, "status": "inProgress"})
        file_id = request.path_params["job_id"].replace("ES_", "file-")
        return answer({"fileId": file_id, "percentComplete": 100.0, "status": "complete"})

    async def export_file(self, request: Request) -> Response:
        job = self._job(request.path_params["file_id"].replace("file-", "ES_"))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(f"{request.path_params['survey_id']}.ndjson", _untidy(job.lines))
        return Response(packed.getvalue(), media_type="application/zip")

    def _known(self, of: Mapping[str, Any], request: Request, name: str) -> Any:
        wanted = request.path_params[name]
        if wanted not in of:
            raise Refusal(404, "QNF_1", f"{wanted} was not found")
        return of[wanted]

    def _check_directory(self, request: Request) -> None:
        if request.path_params["directory_id"] != DIRECTORY_ID:
            raise Refusal(404, "DIR_1", "The directory was not found")

    def _job(self, job_id: str) -> Job:
        if job_id not in self.jobs:
            raise Refusal(404, "RP_4", "The export was not found")
        return self.jobs[job_id]


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator of one account; `faults` are laid over it by whoever serves it."""
    account = Account(tables)
    exports = "/surveys/{survey_id}/export-responses"
    mailing_lists = "/directories/{directory_id}/mailinglists"
    endpoints: dict[str, Endpoint] = {
        "/surveys": account.surveys,
        "/survey-definitions/{survey_id}/questions": account.questions,
        "/directories": account.directories,
        mailing_lists: account.mailing_lists,
        mailing_lists + "/{list_id}/contacts": account.contacts,
        "/distributions": account.distributions,
        "/distributions/{distribution_id}/history": account.history,
        exports + "/{job_id}": account.export_progress,
        exports + "/{file_id}/file": account.export_file,
    }
    routes = [Route(path, signed_in(endpoint)) for path, endpoint in endpoints.items()]
    start = Route(exports, signed_in(account.start_export), methods=["POST"])
    return Starlette(routes=[start, *routes], exception_handlers={Refusal: refuse})


def signed_in(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint for those who send the token."""

    async def guarded(request: Request) -> Response:
        if request.headers.get("X-API-TOKEN") != TOKEN:
            raise Refusal(401, "AUTH_6", "Missing or invalid token")
        return await endpoint(request)

    return guarded


async def refuse(request: Request, refusal: Exception) -> Response:
    """Answer a refusal with the vendor's error body."""
    assert isinstance(refusal, Refusal)
    body = error_body(refusal.status, refusal.code, refusal.message)
    return JSONResponse(body, refusal.status)


def error_body(status: int, code: str, message: str) -> dict[str, Any]:
    """Return what the vendor says about a request that failed."""
    return {"meta": meta(status) | {"error": {"errorCode": code, "errorMessage": message}}}


def answer(result: Mapping[str, Any]) -> Response:
    """Return a result in the vendor's envelope."""
    return JSONResponse({"result": result, "meta": meta(200)})


def meta(status: int) -> dict[str, Any]:
    """Return the part of the envelope that says how it went."""
    return {"requestId": "sandbox", "httpStatus": f"{status} - {REASONS.get(status, 'Error')}"}


ERROR_BODIES = {
    status: error_body(status, code, message)
    for status, code, message in (
        (400, "QVAL_1", "Invalid request"),
        (401, "AUTH_6", "Missing or invalid token"),
        (403, "AUTHZ_1", "The token may not do this"),
        (404, "QNF_1", "Not found"),
        (429, "RTL_1", "Too many requests"),
        (500, "ISE_1", "Internal server error"),
        (503, "ISE_2", "Service unavailable"),
    )
}


def page(request: Request, elements: Sequence[Any], cursor: str = "skipToken") -> Response:
    """Return one page of a list, and the address of the next or null."""
    size = int(request.query_params.get("pageSize", PAGE_SIZE))
    if not 1 <= size <= LARGEST_PAGE:
        raise Refusal(400, "QVAL_1", f"pageSize must be between 1 and {LARGEST_PAGE}")
    given = request.query_params.get(cursor)
    start = 0 if given is None else position(given, cursor, request.url.path)
    end = start + size
    following = None
    if end < len(elements):
        token = str(end) if cursor == "offset" else seal(f"{request.url.path}|{end}")
        following = str(request.url.include_query_params(**{cursor: token}))
    return answer({"elements": elements[start:end], "nextPage": following})


def position(token: str, cursor: str, path: str) -> int:
    """Return the place that a cursor stands for; refuse one of another list or of none."""
    if cursor == "offset" and token.isdigit():
        return int(token)
    try:
        of, _, start = unseal(token).rpartition("|")
    except ForgedCursor:
        of, start = "", ""
    if of != path:
        raise Refusal(400, "QVAL_1", f"Invalid value for {cursor}")
    return int(start)


def moment(text: str | None) -> datetime | None:
    """Return an instant of an export's window."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal(400, "RP_0.1", f"Not an ISO 8601 date: {text}") from None


def _untidy(lines: Sequence[str]) -> str:
    """Return NDJSON as the vendor writes it: blank lines and empty objects in between."""
    file: list[str] = []
    for number, line in enumerate(lines):
        if number % 500 == 0:
            file += ["", "{}"]
        file.append(line)
    return "\n".join(file) + "\n"
