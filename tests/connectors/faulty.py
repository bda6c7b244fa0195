"""What can go wrong between a vendor and us, put around a real emulator."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass
class Faulty:
    """Serve `app`, but answer the requests that `hits` picks (numbered from 1) with a fault.

    `fault` is a status, 'html', 'truncated' or 'hang'.
    """

    app: ASGIApp
    fault: int | str
    hits: Callable[[int, str], bool] = lambda number, path: True
    error_bodies: dict[int, dict] | None = None
    requests: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        if not self.hits(self.requests, scope["path"]):
            await self.app(scope, receive, send)
            return
        if self.fault == "hang":
            await asyncio.sleep(3)
        status, headers, body = self._answer()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        if self.fault == "html":
            return 200, [(b"content-type", b"text/html")], b"<html><body>Sign in</body></html>"
        if self.fault in ("truncated", "hang"):
            return 200, [(b"content-type", b"application/json")], b'{"tickets": [{"id": 1, "na'
        body = json.dumps((self.error_bodies or {}).get(int(self.fault), {})).encode()
        retry = [(b"retry-after", b"1")] if self.fault == 429 else []
        return int(self.fault), [(b"content-type", b"application/json"), *retry], body
