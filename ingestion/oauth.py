"""Tokens that are bought: signing with one, renewing it once, and keeping what rotates."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from requests import PreparedRequest, Response
from requests.auth import AuthBase

from ingestion.client import session
from ingestion.durable import write_for_owner
from ingestion.errors import VendorFault, demanded

REFUSED = (400, 401, 403)


class Bought(AuthBase):
    """Sign requests with a token that `buy` returns.

    Whatever a token says of its end, a request that is answered with 401 is sent once more with a
    new one; a second 401 stands. `look` sees every answer, the renewed ones alone where there was
    a renewal, and may raise.
    """

    def __init__(
        self, buy: Callable[[], str], look: Callable[[Response], object] = lambda _: None
    ) -> None:
        self.buy = buy
        self.look = look
        self.token: str | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self.token = self.token or self.buy()
        request.headers["Authorization"] = f"Bearer {self.token}"
        request.register_hook("response", self._answered)
        return request

    def _answered(self, response: Response, **sent: Any) -> Response:
        if response.status_code == 401:
            response = self._once_more(response, **sent)
        self.look(response)
        return response

    def _once_more(self, refused: Response, **sent: Any) -> Response:
        refused.close()
        self.token = self.buy()
        # The request itself, not a copy: whoever tries it again after another fault sends it too.
        refused.request.headers["Authorization"] = f"Bearer {self.token}"
        again: Response = refused.connection.send(refused.request, **sent)
        again.history.append(refused)
        return again


class RefreshToken:
    """Buys access tokens with a refresh token that may rotate.

    A vendor that rotates takes the old token away as it hands out the new one. So the new one is on
    disk, for this house's user alone, before the access token is used, and a run that is killed
    after that goes on with it. It stands beside the pseudonyms' keys in `folder`, with a
    fingerprint of the configured token it came from: one that is configured anew wins.

    Raises VendorFault where the vendor takes the token no more.
    """

    def __init__(self, source: str, url: str, folder: str | None, **grant: str | None) -> None:
        """Prepare to ask `url` with `grant`: client_id, client_secret and refresh_token.

        Raises MissingSetting where one of them is not there.
        """
        self.grant = demanded(source, **grant)
        kept_in = demanded(source, keys_dir=folder)["keys_dir"]
        self.source, self.url, self.session = source, url, session(url)
        self.kept = Path(kept_in) / f"{source}.refresh_token"
        self.origin = hashlib.sha256(self.grant["refresh_token"].encode()).hexdigest()

    def __call__(self) -> str:
        """Return a new access token."""
        asked = {**self.grant, "grant_type": "refresh_token", "refresh_token": self._current()}
        answer = self.session.post(self.url, data=asked, allow_redirects=False)
        if answer.status_code in REFUSED:
            what = f"takes the refresh token no more ({answer.status_code})"
            setting = f"SOURCES__{self.source.upper()}__REFRESH_TOKEN"
            raise VendorFault(self.source, what, f"authorise the app anew and set {setting}")
        answer.raise_for_status()
        granted = answer.json()
        if granted.get("refresh_token", asked["refresh_token"]) != asked["refresh_token"]:
            self._keep(granted["refresh_token"])
        return str(granted["access_token"])

    def _current(self) -> str:
        if self.kept.exists():
            kept = json.loads(self.kept.read_text(encoding="utf-8"))
            if kept["origin"] == self.origin:
                return str(kept["refresh_token"])
        return self.grant["refresh_token"]

    def _keep(self, token: str) -> None:
        write_for_owner(self.kept, json.dumps({"origin": self.origin, "refresh_token": token}))
