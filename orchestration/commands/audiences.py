"""`ax audiences init`: which audiences matter most, whose they are, and how they are measured."""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

import typer

from orchestration.settings import settings
from orchestration.terminal import say
from privacy.rewrite import swap

app = typer.Typer(help="Audiences: which matter most, and whose they are.", no_args_is_help=True)
MOST = 10
Row = dict[str, str]


@app.callback()
def audiences() -> None:
    """Keep the sub-command's name: an app of one command would be that command."""


@app.command()
def init() -> None:
    """Ask for up to ten audiences in order of rank, and write them into the registry.

    Of each the owner's role, the journey they go through and the survey they are asked by; what
    is left empty shows as a gap. The others keep their rows, behind these and without an owner.
    """
    seeds = settings().project / "seeds"
    file = seeds / "audiences.csv"
    rows = {row["audience"]: row for row in table(file)}
    journeys = [row["journey"] for row in table(seeds / "journeys.csv")]
    instruments = [row["instrument"] for row in table(seeds / "instruments.csv")]
    say(f"Up to {MOST} audiences, the one that matters most first; an empty line ends the list.")
    say(f"Known are {', '.join(rows)}.")
    chosen = list(named(rows, journeys, instruments))
    if not chosen:
        say("nothing was written")
        return
    if not typer.confirm(f"Write these {len(chosen)} to {file}?"):
        say("nothing was written")
        return
    write(file, list(ranked(rows, chosen)))
    say(f"{file} is written; `ax run` shows who owns what, and what is not measured")


def named(
    rows: dict[str, Row], journeys: Collection[str], instruments: Collection[str]
) -> Iterator[Row]:
    """Ask for one audience after the other; yield their rows of the registry."""
    left = list(rows)
    while left and len(rows) - len(left) < MOST:
        name = asked(f"{len(rows) - len(left) + 1}. audience", left)
        if not name:
            return
        left.remove(name)
        owner = typer.prompt("   whose it is, a role", default="", show_default=False).strip()
        journey = asked("   journey they go through", journeys)
        instrument = asked("   survey they are asked by", instruments)
        # Cadence and target were of another organisation's score.
        yield rows[name] | {
            "owner_role": owner, "champions": "", "journey": journey, "instrument": instrument,
            "cadence_days": "", "target_metric": "", "target": "",
        }  # fmt: skip


def asked(question: str, known: Collection[str]) -> str:
    """Ask until the answer is one of those known, or empty."""
    while True:
        answer = str(typer.prompt(question, default="", show_default=False)).strip()
        if not answer or answer in known:
            return answer
        say(f"   {answer} is not known; one of {', '.join(known)}, or an empty line")


def ranked(rows: dict[str, Row], chosen: list[Row]) -> Iterator[Row]:
    """Yield the rows in order of rank: the chosen, then the others without an owner."""
    names = {row["audience"] for row in chosen}
    others = sorted(
        (row for row in rows.values() if row["audience"] not in names),
        key=lambda row: (not row["rank"], int(row["rank"] or 0)),
    )
    behind = [row | {"owner_role": "", "champions": ""} for row in others]
    for rank, row in enumerate([*chosen, *behind], start=1):
        yield row | {"rank": str(rank)}


def table(file: Path) -> list[Row]:
    """Return the rows of a registry."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(file: Path, rows: list[Row]) -> None:
    """Write a registry anew; a kill leaves the one before whole."""
    new = file.with_name(f".{file.name}.new")
    with new.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    swap(new, file)
