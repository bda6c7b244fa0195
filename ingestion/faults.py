"""Faults in words: which exception means what, and what to do about it."""

import errno
import os
from collections.abc import Iterator
from typing import NamedTuple

import requests
from dlt.common.configuration.exceptions import ConfigFieldMissingException

from ingestion.errors import (
    AnotherHost,
    DiskFull,
    InCircles,
    IngestionError,
    MissingSetting,
    UnknownFailure,
    VendorFault,
)

STATUS = {
    400: ("refused the request as malformed (400)", "check the connector's version of the API"),
    401: ("rejected the credential (401)", "renew it in the environment or .dlt/secrets.toml"),
    403: ("denied access (403)", "grant the scopes named in the connector's README"),
    404: ("does not know this address (404)", "check base_url and the account's name in it"),
    410: (
        "has forgotten the place where we were reading (410)",
        "nothing is lost by beginning again",
    ),
    429: ("still limits the rate after every retry (429)", "wait for the quota to reset"),
}
# DuckDB and dlt hand on the system's words, not its number.
NO_SPACE = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT))


class Known(NamedTuple):
    kind: type[BaseException]
    what: str
    remedy: str


KNOWN = [
    Known(AnotherHost, "sends us to the host {0}, where no credential goes",
          "set base_url to that host if it is the vendor's"),
    Known(InCircles, "gives out the same page of {0} again and again",
          "see the vendor's status page; it may have lost our place"),
    Known(requests.exceptions.JSONDecodeError, "answered something that is not JSON",
          "check base_url; a proxy or a login page may answer in its place"),
    Known(requests.exceptions.Timeout, "did not answer in time", "check the network"),
    Known(requests.exceptions.ChunkedEncodingError, "broke off in mid-answer", "check the network"),
    Known(requests.exceptions.ConnectionError, "can not be reached", "check base_url and network"),
]  # fmt: skip


def explain(source: str, failure: BaseException) -> IngestionError:
    """Return the one sentence for a failure, from the most telling exception in its chain."""
    for cause in _chain(failure):
        if isinstance(cause, IngestionError):
            return cause
        if isinstance(cause, ConfigFieldMissingException):
            return MissingSetting(source, cause.fields[0])
        if any(words in str(cause) for words in NO_SPACE):
            return DiskFull(source)
        for fault in (_http, _known):
            if sentence := fault(cause):
                return VendorFault(source, *sentence)
    return UnknownFailure(source, list(_chain(failure))[-1])


def _http(cause: BaseException) -> tuple[str, str] | None:
    if not isinstance(cause, requests.HTTPError) or cause.response is None:
        return None
    status = cause.response.status_code
    path = cause.response.request.path_url.split("?")[0] if cause.response.request else ""
    default = (f"answered {status} after every retry", "see the vendor's status page")
    what, remedy = STATUS.get(status, default)
    return f"{what} at {path}", remedy


def _known(cause: BaseException) -> tuple[str, str] | None:
    return next(
        ((k.what.format(cause), k.remedy) for k in KNOWN if isinstance(cause, k.kind)), None
    )


def _chain(failure: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while failure is not None and id(failure) not in seen:
        seen.add(id(failure))
        yield failure
        failure = failure.__cause__ or failure.__context__
