"""How an org lets us in, and what its refusals mean."""

from typing import Any
from urllib.parse import urlsplit

from dlt.sources.helpers.requests import Session
from requests import Response

from ingestion.errors import VendorFault

TOKEN_PATH = "/services/oauth2/token"
LIMIT_REMEDY = "wait until older requests are a day old, or ask Salesforce for more"
CREDENTIAL_REMEDY = "renew client_id and client_secret in the environment or .dlt/secrets.toml"
HOST_REMEDY = "set base_url to the org's own My Domain address"


class ClientCredentials:
    """Buys tokens of the org for client id and secret; neither goes to another host."""

    def __init__(self, base_url: str, client_id: str, client_secret: str, session: Session) -> None:
        self.base_url = base_url.rstrip("/")
        self.session = session
        self.asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }

    def __call__(self) -> str:
        """Return a new access token."""
        answer = self.session.post(
            self.base_url + TOKEN_PATH, data=self.asked, allow_redirects=False
        )
        if answer.status_code == 400:
            error = _json(answer)
            code = error.get("error", "400") if isinstance(error, dict) else "400"
            raise VendorFault("salesforce", f"refused the credential ({code})", CREDENTIAL_REMEDY)
        refuse(answer)
        granted = answer.json()
        if _host(granted["instance_url"]) != _host(self.base_url):
            what = f"keeps this org at {granted['instance_url']}, which is not base_url"
            raise VendorFault("salesforce", what, HOST_REMEDY)
        return str(granted["access_token"])


def refuse(response: Response) -> None:
    """Raise on a redirect and on an error, in the words of the error's body where it has some."""
    path = (response.request.path_url or "").split("?")[0]
    if response.is_redirect:
        raise VendorFault("salesforce", f"sends us elsewhere from {path}", HOST_REMEDY)
    errors = errors_of(response) if response.status_code in (400, 403) else {}
    if "REQUEST_LIMIT_EXCEEDED" in errors:
        what = "has no API requests left for today (403 REQUEST_LIMIT_EXCEEDED)"
        raise VendorFault("salesforce", what, LIMIT_REMEDY)
    if response.status_code == 400 and errors:
        code, message = next(iter(errors.items()))
        what = f"refused the request ({code}: {' '.join(message.split())[:200]}) at {path}"
        raise Malformed("salesforce", what, "check fields and permissions of the user")
    response.raise_for_status()


class Malformed(VendorFault):
    """A request that the org understands and does not serve (400)."""


def errors_of(response: Response) -> dict[str, str]:
    """Return the messages of an error's body by their codes; they come as a list."""
    body = _json(response)
    errors = body if isinstance(body, list) else [body]
    return {
        str(error["errorCode"]): str(error.get("message", ""))
        for error in errors
        if isinstance(error, dict) and "errorCode" in error
    }


def _json(response: Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _host(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
