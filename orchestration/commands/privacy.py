"""`ax forget` and `ax export-subject`: what a person may ask for about themselves."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.durable import write_for_owner
from orchestration.errors import NotARecord, NothingLoaded
from orchestration.lock import locked
from orchestration.settings import Settings, settings
from orchestration.terminal import say

if TYPE_CHECKING:
    from privacy.subject import Subject

PERSON = Annotated[str | None, typer.Option("--person", help="An id of the person.")]
EMAIL = Annotated[str | None, typer.Option("--email", help="An e-mail that is theirs.")]
FILE = Annotated[
    Path | None,
    typer.Option(
        "--subject-file",
        help="A file with a person a line: an e-mail, a person's id, or an account as source:id. "
        "What stands in it shows in no list of processes.",
    ),
]


def forget(
    person: PERSON = None,
    email: EMAIL = None,
    subject_file: FILE = None,
    is_resumed: Annotated[
        bool, typer.Option("--resume", help="Finish an erasure that was broken off.")
    ] = False,
) -> None:
    """Erase a person everywhere, keep them out, and write a receipt that names nobody."""
    from ingestion.connector import discover
    from orchestration import erasure

    current = loaded()
    asked = [{}] if is_resumed else list(wanted(person, email, subject_file))
    with locked(current.data / "run.lock"):
        if is_resumed:
            done = [erasure.resume(current, discover())]
        else:
            done = [erasure.forget(current, discover(), found(current, who)) for who in asked]
    for receipt in done:
        say(told(receipt) if receipt else "no erasure was broken off")


def export_subject(
    out: Annotated[Path, typer.Option("--out", help="The file to write, as JSON.")],
    person: PERSON = None,
    email: EMAIL = None,
    subject_file: FILE = None,
) -> None:
    """Write all that is held on a person into a file that only you can read."""
    from ingestion.connector import discover
    from orchestration import erasure

    current = loaded()
    with locked(current.data / "run.lock"):
        held = [
            erasure.disclose(current, discover(), found(current, who))
            for who in wanted(person, email, subject_file)
        ]
    write_for_owner(out, json.dumps(held, indent=2, default=str, ensure_ascii=False))
    rows = sum(len(found) for one in held for found in one["rows"].values())
    say(f"{rows:,} rows are written to {out}; hand it over and delete it")


def loaded() -> Settings:
    """Return the settings of a folder in which somebody may be known."""
    current = settings()
    if not current.warehouse.exists():
        raise NothingLoaded(current.warehouse)
    return current


def wanted(person: str | None, email: str | None, file: Path | None) -> Iterator[dict[str, str]]:
    """Yield who is meant, as arguments of `privacy.subject.find`."""
    if sum(given is not None for given in (person, email, file)) != 1:
        raise typer.BadParameter("name a person by one of --person, --email and --subject-file")
    if person:
        yield {"person": person}
    if email:
        yield {"email": email}
    if file:
        yield from _listed(file)


def _listed(file: Path) -> Iterator[dict[str, str]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as why:
        raise NotARecord(file, f"can not be read ({why}); write a person a line") from why
    for line in filter(None, map(str.strip, lines)):
        kind = "email" if "@" in line else "account" if ":" in line else "person"
        yield {kind: line}


def found(current: Settings, who: dict[str, str]) -> "Subject":
    """Return the one person who is meant."""
    from ingestion.pipeline import connect
    from privacy.subject import find

    with connect(current.warehouse) as db:
        return find(db, **who)


def told(receipt: Path) -> str:
    """Say in a few lines what a receipt says."""
    facts = json.loads(receipt.read_text())
    rows = sum(relation["changed"] for relation in facts["relations"])
    places = sum(relation["changed"] > 0 for relation in facts["relations"])
    lines = [f"erased: {rows:,} rows in {places} relations, in {facts['seconds']} s; {receipt}"]
    lines += [
        f"held by law until {held['until']}: {held['rows']} rows of {held['relation']}"
        for held in facts["held_by_law"]
    ]
    lines += [f"yours to mend: {file}" for file in facts["yours_to_mend"]]
    return "\n".join(lines)
