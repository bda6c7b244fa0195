"""`ax source`: a connector to begin with, and whether a vendor lets one in."""

import importlib.resources
import re
from dataclasses import asdict
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import scaffold
from orchestration.errors import NotAName, UnknownSource
from orchestration.project import generate
from orchestration.settings import clock, lent, settings
from orchestration.terminal import AS_JSON, say, show_json

if TYPE_CHECKING:
    from ingestion.connector import Connector

app = typer.Typer(help="Sources: a new one, and whether one answers.", no_args_is_help=True)
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# Where each text of the scaffold goes.
FILES = {
    "init.py.txt": "ingestion/connectors/$vendor/__init__.py",
    "source.py.txt": "ingestion/connectors/$vendor/source.py",
    "emulator.py.txt": "ingestion/connectors/$vendor/emulator.py",
    "README.md.txt": "ingestion/connectors/$vendor/README.md",
    "sources.yml.txt": "dbt_project/models/connectors/$vendor/_$vendor.yml",
    "staging.sql.txt": "dbt_project/models/connectors/$vendor/stg_${vendor}__contacts.sql",
    "person_observations.sql.txt":
        "dbt_project/models/connectors/$vendor/${vendor}__person_observations.sql",
    "world.py.txt": "tests/connectors/$vendor/${vendor}_world.py",
    "test_load.py.txt": "tests/connectors/$vendor/test_${vendor}_load.py",
}  # fmt: skip


@app.command()
def new(
    vendor: Annotated[str, typer.Argument(help="Its name in lower case, as in SOURCES__NAME__.")],
    title: Annotated[
        str | None, typer.Option("--title", help="Its name as people write it.")
    ] = None,
) -> None:
    """Write a connector that works against its own emulator, to be turned into the vendor's."""
    from ingestion.connector import discover

    current = settings()
    ours = {"ops", "contracts", "identity", "labels", "redacted"}
    if not NAME.fullmatch(vendor) or vendor in ours:
        raise NotAName(vendor, "is no name for a source; use lower case letters, digits and _")
    if vendor in discover():
        raise NotAName(vendor, "is a source already; take another name")
    written = write(current.root, vendor, title or vendor.replace("_", " ").title())
    generate(current.project)
    for file in written:
        say(str(file))
    say(
        f"\n1. put {vendor} on the switchboard in dbt_project/dbt_project.yml (or AX_SOURCES)\n"
        f"2. .venv/bin/pytest tests/connectors/{vendor}\n"
        f"3. ax load {vendor}, which reads the emulator until SOURCES__{vendor.upper()}__BASE_URL "
        "is set\n"
        "docs/connect-your-own.md goes on from there"
    )


def known(name: str) -> "Connector":
    """Return a connector by name, on or off; raise `UnknownSource` where there is none."""
    from ingestion.connector import discover

    if name not in discover():
        raise UnknownSource([name], sorted(discover()))
    return discover()[name]


def write(root: Path, vendor: str, title: str) -> list[Path]:
    """Write the files of a new connector under a checkout; return them, relative to it."""
    words = {"vendor": vendor, "VENDOR": vendor.upper(), "title": title}
    texts = importlib.resources.files(scaffold)
    written = []
    for name, where in FILES.items():
        file = Path(Template(where).substitute(words))
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        text = (texts / name).read_text(encoding="utf-8")
        (root / file).write_text(Template(text).substitute(words), encoding="utf-8")
        written.append(file)
    return written


@app.command()
def check(
    vendor: Annotated[str, typer.Argument(help="A source by name.")], as_json: bool = AS_JSON
) -> None:
    """Read a first page of every table of a source, keep nothing, and say what works."""
    from ingestion.probe import probe
    from orchestration.declarations import declarations
    from orchestration.sandbox import lending

    current = settings()
    connector = known(vendor)
    tables = []
    with lent(declarations(current)), lending(current, [connector]):
        for probed in probe(connector, clock(current)):
            tables.append(asdict(probed))
            if not as_json:
                found = probed.problem or ("readable" if probed.has_rows else "readable, and empty")
                say(f"{probed.table}: {found}")
    if as_json:
        show_json(tables)
    if any(table["problem"] for table in tables):
        raise typer.Exit(1)
