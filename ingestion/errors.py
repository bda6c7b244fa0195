"""What can go wrong on the way in, each said in one sentence with its remedy."""

import requests

from ingestion.secrets import scrubbed


class AnotherHost(requests.RequestException):
    """The server sent us to a host that nobody set up; its name is the message."""


class InCircles(requests.RequestException):
    """The server has us ask for the same page again and again; its path is the message."""


class IngestionError(Exception):
    """A source could not be loaded; the message names the source and the remedy, and no secret."""

    def __init__(self, sentence: str) -> None:
        super().__init__(scrubbed(sentence))


class MissingSetting(IngestionError):
    def __init__(self, source: str, setting: str) -> None:
        variable = f"SOURCES__{source.upper()}__{setting.upper()}"
        super().__init__(
            f"{source}: {setting} is not set; set {variable} (or write it into .dlt/secrets.toml), "
            f"or take {source} off the switchboard"
        )


def demanded(source: str, **settings: str | None) -> dict[str, str]:
    """Return the settings of a source; raise MissingSetting for the first that is not there."""
    for name, value in settings.items():
        if not value:
            raise MissingSetting(source, name)
    return {name: str(value) for name, value in settings.items()}


class VanishedColumn(IngestionError):
    def __init__(self, source: str, table: str, columns: list[str], rows: int) -> None:
        super().__init__(
            f"{source}: {table} no longer sends {', '.join(columns)} (absent in all {rows} rows); "
            f"check the API's version and the credential's scopes, then run `ax load {source}`"
        )


class BrokenShape(IngestionError):
    def __init__(self, source: str, table: str, quarantined: int, rows: int, reason: str) -> None:
        super().__init__(
            f"{source}: {quarantined} of {rows} rows of {table} do not have the declared shape "
            f"({reason}); mend the connector's columns, then run `ax load {source}`"
        )


class RefusedPackage(IngestionError):
    """The raw door set a load package aside; cursor and raw stay as they were."""

    def __init__(self, source: str, findings: list[str], kept_at: str) -> None:
        self.findings = findings
        super().__init__(
            f"{source}: the load was set aside at {kept_at} ({'; '.join(findings)}); "
            f"ask the vendor's side or mend the data, then run `ax load {source}`, which takes the "
            "load as it is with --accept"
        )


class NotInQuarantine(IngestionError):
    def __init__(self, source: str, quarantine_id: str) -> None:
        super().__init__(
            f"no row {quarantine_id} of {source} waits in quarantine; "
            f"`ax quarantine list {source}` shows those that do"
        )


class Unbalanced(IngestionError):
    def __init__(self, source: str, table: str, extracted: int, counted: int) -> None:
        super().__init__(
            f"{source}: {table} brought {extracted} rows and {counted} are accounted for; raw was "
            "left as it was; this is a fault of the connector, please report it"
        )


class VendorFault(IngestionError):
    def __init__(self, source: str, what: str, remedy: str) -> None:
        super().__init__(f"{source}: {what}; {remedy}, then run `ax load {source}`")


class DiskFull(IngestionError):
    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source}: there is no space left on the disk; free some, then run `ax load {source}`"
        )


class UnknownFailure(IngestionError):
    """Nobody has met this before; whoever catches it writes the traceback down."""

    def __init__(self, source: str, failure: BaseException) -> None:
        what = " ".join(f"{type(failure).__name__}: {failure}".split())[:300]
        super().__init__(
            f"{source}: {what}; see data/logs for the traceback, then run `ax load {source}`"
        )


class WarehouseLocked(IngestionError):
    def __init__(self, path: str, holder: str) -> None:
        super().__init__(
            f"the warehouse file {path} is held by {holder}; close it there (readers open "
            "data/published/marts.duckdb instead) and run again"
        )
