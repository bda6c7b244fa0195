"""What can go wrong between a vendor and us, put around a real emulator."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Hits = Callable[[int, str], bool]


def always(number: int, path: str) -> bool:
    return True


@dataclass
class Faulty:
    """Serve `app`, but answer the requests that `hits` picks (number from 1, path) with a fault.

    `fault` is a status, 'html', 'truncated', 'cut' (the connection breaks off) or 'hang'.
    """

    app: ASGIApp
    fault: int | str
    hits: Hits = always
    error_bodies: Mapping[int, Any] = field(default_factory=dict)
    requests: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        if not self.hits(self.requests, scope["path"]):
            await self.app(scope, receive, send)
            return
        if self.fault == "hang":
            await asyncio.sleep(2)
        status, headers, body = self._answer()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": self.fault == "cut"})

    def _answer(self) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        broken = b'{"results": [{"id": 1, "na'
        if self.fault == "html":
            return 200, [(b"content-type", b"text/html")], b"<html><body>Sign in</body></html>"
        if self.fault == "cut":
            return 200, [(b"content-length", b"5000")], broken
        if not isinstance(self.fault, int):
            return 200, [(b"content-type", b"application/json")], broken
        body = json.dumps(self.error_bodies.get(self.fault, {})).encode()
        retry = [(b"retry-after", b"1")] if self.fault == 429 else []
        return self.fault, [(b"content-type", b"application/json"), *retry], body


@dataclass
class Rewritten:
    """Serve `app`, each JSON body rewritten on its way out; any other goes as it is."""

    app: ASGIApp
    rewrite: Callable[[Any], Any]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_json: list[bool] = []

        async def rewritten(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message["headers"] if k != b"content-length"]
                is_json.append(any(b"json" in v for k, v in kept if k == b"content-type"))
                message = {**message, "headers": kept}
            elif is_json[-1]:
                body = json.dumps(self.rewrite(json.loads(message["body"]))).encode()
                message = {**message, "body": body}
            await send(message)

        await self.app(scope, receive, rewritten)


@dataclass
class Turning:
    """Serve `app`; once `path` has been answered `answers` times, the world takes a turn."""

    app: ASGIApp
    path: str
    answers: int
    turn: Callable[[], object]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        if scope["path"].endswith(self.path):
            self.answers -= 1
            if self.answers == 0:
                self.turn()
