"""What must never be written down: the configured secrets, and text without them.

Libraries put what they were given into messages: a URL with its password, a header, a body. So
whatever a failure says passes through `scrubbed` before it reaches a log, a ledger or a person.
"""

import base64
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

PREFIX = "SOURCES__"
WEBHOOK = "AX_WEBHOOK_URL"
ACTIONS_TOKEN = "AX_ACTIONS_TOKEN"
SECRET = re.compile(r"(token|key|secret|password)$", re.IGNORECASE)
ADDRESS = re.compile(r"url$", re.IGNORECASE)
# Shorter ones, such as the `sandbox` of the emulators, are words.
LEAST = 8
GONE = "***"


def secrets_of(environ: Mapping[str, str], file: Path | None = None) -> set[str]:
    """Return every configured secret: of the sources, of the addresses that are told things."""
    found = {value for pair in _settings(environ, file) for value in _secret_parts(*pair)}
    found.add(environ.get(ACTIONS_TOKEN, ""))
    webhook = urlsplit(environ.get(WEBHOOK, ""))
    if webhook.netloc:
        found |= {webhook.geturl(), webhook.path.strip("/"), webhook.query, webhook.password or ""}
    return {value.strip() for value in found if len(value.strip()) >= LEAST}


def scrubbed(text: str) -> str:
    """Return a text with each configured secret taken out, however it was written."""
    project = os.environ.get("DLT_PROJECT_DIR")
    file = Path(project) / ".dlt" / "secrets.toml" if project else None
    named = (WEBHOOK, ACTIONS_TOKEN)
    told = frozenset(p for p in os.environ.items() if p[0].startswith(PREFIX) or p[0] in named)
    stamp = file.stat().st_mtime_ns if file and file.exists() else None
    for form in _forms_of(told, file, stamp):
        text = text.replace(form, GONE)
    return text


# A log has thousands of lines, the settings of a run change a few times.
@lru_cache(maxsize=8)
def _forms_of(
    told: frozenset[tuple[str, str]], file: Path | None, stamp: int | None
) -> tuple[str, ...]:
    """Return the forms of what is configured; `stamp` is when the file last changed."""
    return tuple(forms(secrets_of(dict(told), file)))


def forms(secrets: set[str]) -> list[str]:
    """Return the ways in which secrets are written: plain, in a URL, in base64; long ones first."""
    written = {way(secret) for secret in secrets for way in (str, quote, quote_plus, _escaped)}
    return sorted(written | {b for s in secrets for b in in_base64(s)}, key=len, reverse=True)


def in_base64(secret: str) -> set[str]:
    """Return the base64 of a secret wherever it begins in what is encoded, as after `user:`."""
    found = set()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + secret.encode()).decode()
        # The first and last characters also depend on what stands beside the secret.
        start = -(-before * 8 // 6)
        end = (before + len(secret.encode())) * 8 // 6
        found.add(coded[start:end])
    return {one for one in found if len(one) >= LEAST}


class Scrubbed:
    """A stream that takes secrets out of each line before it is written."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.begun = stream, ""

    def write(self, text: str) -> int:
        """Write whole lines, and keep the one that has only begun."""
        *lines, self.begun = (self.begun + text).split("\n")
        if lines:
            self.stream.write(scrubbed("\n".join(lines)) + "\n")
        return len(text)

    def flush(self) -> None:
        """Write what has begun."""
        self.stream.write(scrubbed(self.begun))
        self.begun = ""
        self.stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _escaped(secret: str) -> str:
    return secret.encode("unicode_escape").decode()


def _settings(environ: Mapping[str, str], file: Path | None) -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in environ.items() if name.startswith(PREFIX))
    if file and file.exists():
        yield from _leaves(tomllib.loads(file.read_text(encoding="utf-8")))


def _leaves(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _leaves(value)
        elif isinstance(value, str):
            yield name, value


def _secret_parts(name: str, value: str) -> Iterator[str]:
    if SECRET.search(name):
        yield value
    elif ADDRESS.search(name):
        parts = urlsplit(value)
        yield from (parts.password or "", unquote(parts.password or ""))
        yield from (said for key, said in parse_qsl(parts.query) if SECRET.search(key))
