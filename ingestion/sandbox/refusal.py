"""How an emulator refuses a request: in the vendor's own words for the status."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Refused(HTTPException):
    """A request that is answered with the vendor's own error body for the status."""


def refusing(bodies: Mapping[int, Any]) -> dict[Any, Any]:
    """Return Starlette's exception handlers that answer with `bodies` by status.

    They serve what an emulator refuses itself, and addresses that it does not know.
    """

    async def refuse(request: Request, refused: Exception) -> Response:
        assert isinstance(refused, HTTPException)
        status = refused.status_code
        return JSONResponse(bodies[status], status_code=status, headers=refused.headers)

    return {Refused: refuse, 404: refuse}
