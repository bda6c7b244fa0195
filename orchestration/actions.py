"""The queue of the closed loop on its way out: a list, a file, a webhook. Each time it is logged.

What is posted is told once a case and state: a ledger keeps what arrived, and each request has a
key by which its receiver knows it again, should the answer have been lost.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from ingestion.durable import append_for_owner
from orchestration import contacts, keys
from orchestration.errors import HouseError
from orchestration.lock import locked
from orchestration.settings import Settings
from storage import Warehouse

PURPOSE = "contact"
# The name of the key behind what cases are called outside: their own ids hold those of the sources.
KEY = "operations"
TIMEOUT = 20
RETRIES = Retry(
    total=4,
    backoff_factor=0.2,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=("POST",),
    raise_on_status=False,
)


class NoQueue(HouseError):
    def __init__(self, warehouse: Warehouse) -> None:
        super().__init__(f"{warehouse} holds no queue yet; run `ax run`, which builds it")


class NotAWebhook(HouseError):
    def __init__(self, why: str) -> None:
        super().__init__(f"--post {why}; give an https address, or http on this machine")


class NotACsv(HouseError):
    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} does not end with .csv, which is what --csv writes")


class NotTaken(HouseError):
    """Names neither address nor token."""

    def __init__(self, what: str, sent: int, left: int) -> None:
        super().__init__(
            f"the address of --post {what}; {sent} cases were sent, {left} were not; mend it and "
            "run the command again, which sends no case twice"
        )


@dataclass(frozen=True, slots=True)
class Queue:
    """The open cases in order, as they may be acted on, and how many are left out, by why."""

    cases: list[dict[str, Any]]
    left_out: dict[str, int] = field(default_factory=dict)


def read(current: Settings) -> Queue:
    """Return the queue with names and addresses.

    Raises:
        NoQueue: nothing was built yet.
    """
    if not current.warehouse.exists():
        raise NoQueue(current.warehouse)
    try:
        found, left_out = contacts.queued(current, PURPOSE)
    except duckdb.CatalogException:
        raise NoQueue(current.warehouse) from None
    keys.ensure(current.keys)
    named = keys.pseudonyms(current.keys, KEY, [case["case_id"] for case in found])
    states = [f"{case['case_id']} {case['state']} {case['is_reopened']}" for case in found]
    tokens = keys.pseudonyms(current.keys, KEY, states)
    return Queue(
        [
            {"case_key": name, "idempotency_key": token}
            | {column: value for column, value in case.items() if column != "case_id"}
            for case, name, token in zip(found, named, tokens, strict=True)
        ],
        left_out,
    )


def noted(current: Settings, queue: Queue, to: str) -> None:
    """Write down that the queue leaves, and whereto; what can not be written down does not."""
    contacts.note(
        current, relation="fct_action_queue", contacted_for=PURPOSE, to=to,
        rows=len(queue.cases), cases_left_out=queue.left_out,
    )  # fmt: skip


def write(current: Settings, queue: Queue, file: Path) -> int:
    """Write the queue as a file readable by its owner alone; return the number of cases."""
    if file.suffix != ".csv":
        raise NotACsv(file)
    with contacts.making(file) as new, duckdb.connect() as db:
        cases = pa.Table.from_pylist(queue.cases, schema=SCHEMA)
        db.register("cases", cases)
        db.execute(f"copy cases to '{new}' (format csv, header)")
        noted(current, queue, to="csv")
    return len(queue.cases)


def post(current: Settings, queue: Queue, url: str) -> tuple[int, int]:
    """Post each case that was not sent before; return how many were sent now and before.

    Raises:
        NotAWebhook: the address would carry names in the clear. NotTaken: it did not take one.
    """
    host = _checked(url)
    with locked(current.data / "actions.lock"):
        return _post_to(host, current, queue, url)


def _post_to(host: str, current: Settings, queue: Queue, url: str) -> tuple[int, int]:
    ledger = current.data / "audit" / "actions.jsonl"
    sent_before = _sent(ledger, host)
    left = [case for case in queue.cases if case["idempotency_key"] not in sent_before]
    noted(current, Queue(left, queue.left_out), to=host)
    with _session(current.actions_token) as session:
        for sent, case in enumerate(left):
            if problem := _refusal(session, url, case):
                raise NotTaken(problem, sent, len(left) - sent)
            line = json.dumps({"host": host, "key": case["idempotency_key"]})
            # A line that was broken off ends where the next begins.
            append_for_owner(ledger, f"\n{line}")
    return len(left), len(queue.cases) - len(left)


def _checked(url: str) -> str:
    """Return the host and port of an address that names may be sent to."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotAWebhook("is no address")
    if parts.username or parts.password:
        raise NotAWebhook("holds a password, which others can see; set AX_ACTIONS_TOKEN")
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise NotAWebhook("would carry names in the clear")
    return parts.netloc


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _session(token: str | None) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy and no .netrc that nobody named here
    session.mount("https://", HTTPAdapter(max_retries=RETRIES))
    session.mount("http://", HTTPAdapter(max_retries=RETRIES))
    if token:
        session.headers["Authorization"] = f"Bearer {token}"
    return session


def _refusal(session: requests.Session, url: str, case: dict[str, Any]) -> str | None:
    """Post one case; return why it was not taken. A redirect is followed nowhere."""
    body = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in case.items()}
    key = body.pop("idempotency_key")
    try:
        answer = session.post(
            url, json=body, headers={"Idempotency-Key": key}, timeout=TIMEOUT, allow_redirects=False
        )
    except requests.RequestException as failure:
        return f"gave {type(failure).__name__}"
    return None if 200 <= answer.status_code < 300 else f"answered {answer.status_code}"


def _sent(ledger: Path, host: str) -> set[str]:
    if not ledger.exists():
        return set()
    # A line that was broken off is no line: its case is sent again, under the same key.
    whole = [line for line in ledger.read_text(encoding="utf-8").split("\n") if line.endswith("}")]
    told = [json.loads(line) for line in whole]
    return {line["key"] for line in told if line["host"] == host}


_TEXT = (
    "case_key idempotency_key unit rule label family audience journey stage owner_role state "
    "root_cause display_name email phone"
)
SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        *((name, pa.string()) for name in _TEXT.split()),
        ("is_reopened", pa.bool_()),
        ("is_overdue", pa.bool_()),
        ("score", pa.float64()),
        ("detected_at", pa.timestamp("us")),
        ("due_at", pa.timestamp("us")),
    ]
)
