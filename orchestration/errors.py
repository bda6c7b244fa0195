"""What a person has to mend, each said in one sentence with its remedy."""

import re
from pathlib import Path
from typing import Any

from storage import Warehouse

# Whatever a room of this house raises itself is one sentence for people.
ROOMS = (
    "storage", "ingestion", "identity", "labelling", "privacy", "quality", "orchestration",
    "dashboards",
)  # fmt: skip
OURS = re.compile(rf"^(?:{'|'.join(ROOMS)})\.[\w.]+: (?P<sentence>.*)", re.DOTALL)


def is_ours(problem: BaseException) -> bool:
    """Say whether an exception is one of this house, whose text is for people."""
    return type(problem).__module__.split(".")[0] in ROOMS


class HouseError(Exception):
    """A command can not go on; the message names the cause and the remedy."""


class UnknownSource(HouseError):
    def __init__(self, names: list[str], known: list[str]) -> None:
        super().__init__(
            f"the switchboard names {', '.join(names)}, which no folder under ingestion/connectors "
            f"delivers; take it off AX_SOURCES or dbt_project.yml, or use one of {', '.join(known)}"
        )


class AcceptWhich(HouseError):
    def __init__(self) -> None:
        super().__init__(
            "--accept is for loads that somebody looked at; name them, as in "
            "`ax load NAME --accept`"
        )


class NothingOn(HouseError):
    def __init__(self) -> None:
        super().__init__(
            "no source is on; name at least one in AX_SOURCES or under vars.switchboard in "
            "dbt_project/dbt_project.yml"
        )


class NotATarget(HouseError):
    def __init__(self, target: str, known: tuple[str, ...]) -> None:
        super().__init__(f"AX_TARGET is {target!r}; use one of {', '.join(known)}")


class NoLake(HouseError):
    def __init__(self) -> None:
        super().__init__(
            "the target ducklake needs AX_LAKE_CATALOG (postgresql://user@host/database) and "
            "AX_LAKE_FILES (a folder that every machine sees); set both, or take AX_TARGET away"
        )


class NotACluster(HouseError):
    def __init__(self) -> None:
        super().__init__(
            "the target spark needs SPARK_REMOTE (sc://host:port, its Connect server) and "
            "AX_SPARK_FILES (a folder that this machine and the cluster see under one name); set "
            "both, or take AX_TARGET away"
        )


class NotForTables(HouseError):
    def __init__(self, folder: Path, other: Path) -> None:
        super().__init__(
            f"AX_SPARK_FILES is {folder}, in which {other} lies; name a folder for the tables of "
            "the cluster alone"
        )


class NotACatalog(HouseError):
    def __init__(self, why: str) -> None:
        super().__init__(
            f"AX_LAKE_CATALOG {why}; write postgresql://user@host/database there, and the password "
            "in PGPASSWORD, in ~/.pgpass or by PGSERVICE"
        )


class NotAFolder(HouseError):
    def __init__(self, files: str) -> None:
        super().__init__(
            f"AX_LAKE_FILES is {files}; name a folder that every machine mounts, as what was "
            "erased can not be looked for in an object store"
        )


class NothingLoaded(HouseError):
    def __init__(self, warehouse: Warehouse) -> None:
        super().__init__(f"{warehouse} knows nobody yet; `ax run` loads the sources first")


class NotAName(HouseError):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}")


class NotARecord(HouseError):
    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} {why}")


class NoMetricFlow(HouseError):
    def __init__(self) -> None:
        super().__init__(
            "MetricFlow is an extra of this project and is not installed; "
            "install ax-warehouse[semantic]"
        )


class NoExplorer(HouseError):
    def __init__(self) -> None:
        super().__init__(
            "Streamlit is an extra of this project and is not installed; "
            "`uv sync --extra explore` installs it"
        )


class PortTaken(HouseError):
    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} of 127.0.0.1 is taken; choose another one with --port")


class WrongKind(HouseError):
    def __init__(self, where: Warehouse, belongs_to: str, run: str) -> None:
        is_folder = isinstance(where, Path)
        other = "AX_DATA_DIR to a new folder" if is_folder else "AX_LAKE_CATALOG to a new database"
        remedy = {
            "sandbox": f"set {other} for the organisation's own data",
            "organisation": f"set the credentials of at least one source, or set {other} for the "
            "sandbox",
        }[belongs_to]
        super().__init__(
            f"{'the data folder ' if is_folder else ''}{where} belongs to the {belongs_to} and "
            f"this is a run of the {run}; {remedy}"
        )


class AnotherRun(HouseError):
    def __init__(self, lock: Path, holder: str) -> None:
        super().__init__(
            f"another run holds {lock} (process {holder}); wait until it has ended, or end it, "
            "and run again"
        )


class BadProject(HouseError):
    def __init__(self, output: str) -> None:
        super().__init__(
            f"dbt can not read the project ({output}); mend dbt_project/ and run `ax generate`"
        )


class NoSandboxServer(HouseError):
    def __init__(self, log: Path) -> None:
        super().__init__(
            f"the sandbox's server did not start; its own words are in {log}; "
            "`ax sandbox serve` shows them in the terminal"
        )


class HeldBack(HouseError):
    """The published door held the publication; readers keep the last good one."""

    def __init__(self, findings: list[str]) -> None:
        self.findings = findings
        super().__init__(
            f"the publication was held back ({'; '.join(findings)}); readers keep the last good "
            "one; mend what is named and run `ax run`"
        )


class NotPublishable(HouseError):
    def __init__(self, relations: list[str]) -> None:
        super().__init__(
            f"the publication file holds {', '.join(relations)}, which does not begin with pub_; "
            "move it out of dbt_project/models/published and run `ax run`"
        )


class NothingBuilt(HouseError):
    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} holds no pub_ relation yet; run `ax run`, which builds them")


class NoPublication(HouseError):
    def __init__(self, what: str, there: list[str]) -> None:
        offer = f"there is {', '.join(there)}" if there else "there is none yet; run `ax run`"
        super().__init__(f"no publication {what}; {offer}")


class NoSite(HouseError):
    def __init__(self, first: Path) -> None:
        super().__init__(
            f"{first} is not there yet; `ax run` writes it after its first publication"
        )


class NoCopy(HouseError):
    def __init__(self) -> None:
        super().__init__(
            "no other database is named; set AX_COPY_TO (for example postgres) and its credentials "
            "(docs/bi.md)"
        )


class NotCopied(HouseError):
    def __init__(self, to: str, reason: str) -> None:
        super().__init__(
            f"what is published could not be copied to {to} ({reason}); readers there keep what "
            "they had, and the files are published; mend it and run `ax copy`"
        )


class NotWhole(HouseError):
    def __init__(self, publication: str, found: list[str]) -> None:
        super().__init__(
            f"the publication {publication} is not what its manifest says ({'; '.join(found)}); "
            "readers keep what they have; choose another from `ax publications`, or run `ax run`"
        )


class NotAManifest(HouseError):
    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"{file} is not a publication's manifest: it {why}; remove its folder "
            f"{file.resolve().parent} and run `ax run`, which publishes anew"
        )


class NoSpace(HouseError):
    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"{folder} can not be written ({reason}); free the disk or the file and run `ax run`; "
            "readers keep the last good publication"
        )


class WebhookFailed(HouseError):
    """Names neither address nor token."""

    def __init__(self, what: str, answer: Any) -> None:
        said = f"answered {answer.status_code}" if answer is not None else f"gave {what}"
        super().__init__(
            f"the address of AX_WEBHOOK_URL {said}; the failure stands in data/logs/failures.log; "
            "check the address and that it may be reached from here"
        )


class StoodStill(HouseError):
    """The verdict on a run in which a source could not be loaded."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
