"""Faults that a vendor may have, laid around an emulator: a quota, and planned failures.

An emulator needs no code for this. One that wants its own words in an error brings a function
``fault_body(status, path)`` and hands it, or lets the server hand it, to ``FaultLayer``.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Kind = Literal["status", "hang", "truncated", "html", "reset"]
Body = Callable[[int, str], Mapping[str, Any]]
_SIGN_IN = b"<!doctype html><html><body><h1>Please sign in</h1></body></html>"


class UnknownFault(ValueError):
    """Raised for a planned fault that nobody knows how to do."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no fault {kind!r}; plan one of {', '.join(get_args(Kind))}.")


@dataclass(frozen=True, slots=True)
class Planned:
    """The ``nth`` request (from 1) whose path contains ``path`` fails in this way.

    ``status`` answers with that status, ``hang`` waits ``seconds`` first, ``truncated`` breaks the
    JSON off in the middle, ``html`` answers with a sign-in page, ``reset`` cuts the connection.
    """

    nth: int
    path: str = ""
    kind: Kind = "status"
    status: int = 500
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise UnknownFault(self.kind)


@dataclass(frozen=True, slots=True)
class Faults:
    """How a vendor misbehaves: requests allowed in each window, and planned faults."""

    requests_per_window: int | None = None
    window_seconds: float = 10.0
    planned: tuple[Planned, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> Faults:
        """Return the faults that a JSON object with the same names declares."""
        given = json.loads(text)
        planned = tuple(Planned(**fault) for fault in given.pop("planned", []))
        return cls(**given, planned=planned)


def plain_body(status: int, path: str) -> Mapping[str, Any]:
    """Return the error body of a vendor that has no words of its own."""
    return {"error": {"status": status, "message": f"planned failure at {path}"}}


@dataclass
class FaultLayer:
    """ASGI middleware that refuses over quota and fails as planned; else ``app`` answers."""

    app: ASGIApp
    faults: Faults
    body: Body = plain_body
    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, int] = field(default_factory=dict)
    _window: tuple[float, int] = (float("-inf"), 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wait = self._over_quota()
        fault = self._due(scope["path"])
        if wait is not None:
            await self._refuse(send, 429, scope["path"], wait)
        elif fault is None:
            await self.app(scope, receive, send)
        else:
            await self._fail(fault, scope, receive, send)

    def _over_quota(self) -> int | None:
        """Count one request; return the seconds to wait where the window is full."""
        allowed = self.faults.requests_per_window
        if allowed is None:
            return None
        now = self.clock()
        start, used = self._window
        if now - start >= self.faults.window_seconds:
            start, used = now, 0
        self._window = (start, used + 1)
        left = start + self.faults.window_seconds - now
        return max(1, int(left + 0.999)) if used >= allowed else None

    def _due(self, path: str) -> Planned | None:
        """Count the request for each watched part of a path; return the fault planned for it."""
        watched = {fault.path for fault in self.faults.planned if fault.path in path}
        for part in watched:
            self._seen[part] = self._seen.get(part, 0) + 1
        for fault in self.faults.planned:
            if fault.path in watched and self._seen[fault.path] == fault.nth:
                return fault
        return None

    async def _fail(self, fault: Planned, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            await self.app(scope, receive, send)
        elif fault.kind == "html":
            await _answer(send, 200, "text/html", _SIGN_IN)
        elif fault.kind == "status":
            wait = max(1, int(fault.seconds)) if fault.status == 429 else None
            await self._refuse(send, fault.status, scope["path"], wait)
        else:
            await self._break_off(fault.kind, scope, receive, send)

    async def _refuse(self, send: Send, status: int, path: str, wait: int | None) -> None:
        body = json.dumps(self.body(status, path)).encode()
        extra = [] if wait is None else [(b"retry-after", str(wait).encode())]
        await _answer(send, status, "application/json", body, extra)

    async def _break_off(self, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the first half of the real body; after a reset the rest is still promised."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in messages[1:])
        half = body[: len(body) // 2]
        promised = len(half) if kind == "truncated" else len(body) + 1
        headers = [h for h in messages[0]["headers"] if h[0].lower() != b"content-length"]
        headers.append((b"content-length", str(promised).encode()))
        await send({**messages[0], "headers": headers})
        # With more to come and nothing sent, the server has to cut the connection.
        await send({"type": "http.response.body", "body": half, "more_body": kind == "reset"})


async def _answer(
    send: Send, status: int, kind: str, body: bytes, extra: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    start = {"type": "http.response.start", "status": status, "headers": headers + (extra or [])}
    await send(start)
    await send({"type": "http.response.body", "body": body})
