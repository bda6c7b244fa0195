"""What a database can refuse, in words that name what and remedy and never a secret."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 160
SECRET = re.compile(r"(://[^:@/\s]*):[^@\s]*@|(password\s*=\s*)\S+", re.IGNORECASE)


class Trouble(Exception):
    """Why a database or a table can not be read: `what`, and what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}; {remedy}")


class Known(NamedTuple):
    """Words of drivers for one trouble; `shown` keeps the driver's own line beside ours."""

    words: str
    what: str
    remedy: str
    shown: bool = False


KNOWN = [
    Known(r"password authentication failed|access denied for user|login failed|no password supplied"
          r"|role .* does not exist", "refuses the credential",
          "renew user and password in its URL"),
    Known(r"permission denied|command denied|not authorized|insufficient privilege",
          "may not be read by this role", "grant it SELECT on the table (and USAGE on its schema)"),
    Known(r"could not translate host|name or service not known|getaddrinfo|unknown .*host",
          "is at a host that nobody knows", "correct the host in its URL"),
    Known(r"connection refused|can't connect|no route to host|unreachable|timeout expired|timed out"
          r"|server closed the connection|lost connection|connection reset|terminating connection",
          "can not be reached", "check host, port and network"),
    Known(r"database .* does not exist|unknown database", "is no database of this server",
          "correct the name in its URL"),
    Known(r"no such table|relation .* does not exist|table .* doesn't exist|unknown table"
          r"|schema .* does not exist|invalid object name", "is not there",
          "correct `table` in its YAML", True),
    Known(r"no such column|column .* does not exist|unknown column|invalid column name",
          "has not every column that is declared", "correct the columns in its YAML", True),
    Known(r"database is locked", "is locked by a writer", "wait until it is done"),
    Known(r"not a database|disk image is malformed", "is no whole database",
          "check the file that its URL names"),
    Known(r"could not parse .*url|invalid literal for int|nosuchmodule|can't load plugin",
          "has a URL that nobody can read",
          "write it like postgresql://user:password@host:5432/name"),
    Known(r"no module named|could not determine dbapi", "needs its driver",
          "install the SQLAlchemy driver that its URL names", True),
    Known(r"invalid input syntax|operator does not exist", "can not compare its cursor",
          "take a cursor of times or numbers, or have the whole list read", True),
]  # fmt: skip


def trouble(failure: BaseException) -> Trouble:
    """Return what a driver's failure means."""
    if isinstance(failure, Trouble):
        return failure
    said = " ".join(line for cause in _chain(failure) for line in str(cause).split("\n")[:3])
    for known in KNOWN:
        if found := re.search(known.words, f"{type(failure).__name__} {said}", re.IGNORECASE):
            shown = f" ({_around(said, found.group())})" if known.shown else ""
            return Trouble(known.what + shown, known.remedy)
    what = f"can not be read ({type(failure).__name__}: {clean(said)})"
    return Trouble(what, "ask whoever runs it")


def clean(said: str) -> str:
    """Return a driver's words in one short line, without what may be a secret."""
    hidden = SECRET.sub(lambda found: f"{found[1] or found[2]}:***@", said)
    return " ".join(hidden.split())[:LONGEST]


def _around(said: str, found: str) -> str:
    """Return the piece of the driver's words that names what is missing."""
    start = max(said.find(found), 0)
    return clean(re.split(r"\s\[SQL|\n|\sLINE 1|;|\)\s", said[start:])[0])


def _chain(failure: BaseException | None) -> Iterator[BaseException]:
    while failure is not None:
        yield failure
        failure = failure.__cause__
