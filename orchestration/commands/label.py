"""`ax label`: labels of what was written, by a user's own labeller."""

import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labelling.errors import LabelError
from orchestration.errors import NothingLoaded
from orchestration.lock import locked
from orchestration.settings import settings
from orchestration.terminal import say

if TYPE_CHECKING:
    import duckdb

app = typer.Typer(
    help="Labels of what was written (docs/labels.md).", no_args_is_help=True, rich_markup_mode=None
)
LABELLER = Annotated[str, typer.Option("--labeller", help="Its name in labellers.csv.")]
VERSION = Annotated[str, typer.Option("--version", help="Its version in labellers.csv.")]
PROTECTED = Annotated[
    bool,
    typer.Option(
        "--protected", help="Also what was said to confidential and anonymous instruments."
    ),
]


@app.command("run", context_settings={"ignore_unknown_options": True})
def run(
    command: Annotated[list[str], typer.Argument(help="Program; gets two file names more.")],
    labeller: LABELLER,
    version: VERSION,
    protected: PROTECTED = False,
) -> None:
    """Let a program label the texts that it has not read: PROGRAM IN.parquet OUT.parquet.

    IN has turn_id, language and body, OUT needs turn_id, label_kind and label and may have score
    and language. What OUT leaves out is read and has no label.
    """
    from labelling import exchange, registry

    allowed = registry.allowed(registry.labellers(), labeller, version)
    with _texts() as db, tempfile.TemporaryDirectory(prefix="ax-labels-") as folder:
        texts, labels = Path(folder) / "texts.parquet", Path(folder) / "labels.parquet"
        count = exchange.export(db, texts, _handed_out(protected), labeller, version)
        if not count:
            say(f"{labeller} in version {version} has read every text")
            return
        _ask([*command, str(texts), str(labels)])
        if not labels.exists():
            raise LabelError(
                f"`{shlex.join(command)}` wrote no {labels.name}; it is given the file to read and "
                "the file to write as its last two words"
            )
        try:
            done = exchange.take(db, labels, labeller, version, allowed, read=texts)
        except LabelError as problem:
            kept = _kept(labels, f"{labeller}-{version}")
            raise LabelError(
                f"{problem}; what the program wrote is kept in {kept}: mend it and "
                f"`ax label import {kept} --labeller {labeller} --version {version}`"
            ) from None
    _told(done)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Parquet to write: turn_id, language, body.")],
    protected: PROTECTED = False,
) -> None:
    """Write the texts as Parquet, for a labeller that runs elsewhere."""
    from labelling import exchange

    if file.suffix != ".parquet":
        raise LabelError(f"{file} does not end in .parquet; texts are written as Parquet alone")
    if not file.parent.is_dir():
        raise LabelError(f"{file.parent} is no folder; make it, or write somewhere else")
    with _texts() as db:
        count = exchange.export(db, file, _handed_out(protected))
    say(
        f"{count:,} texts are in {file}; it holds what people wrote, redacted "
        "(docs/redaction.md), so delete it when it was read"
    )


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Parquet: turn_id, label_kind, label ...")],
    labeller: LABELLER,
    version: VERSION,
) -> None:
    """Take labels from Parquet, all of them or none."""
    from labelling import exchange, registry

    allowed = registry.allowed(registry.labellers(), labeller, version)
    if not file.exists():
        raise LabelError(f"there is no {file}; name the file that the labeller wrote")
    with _texts() as db:
        done = exchange.take(db, file, labeller, version, allowed)
    _told(done)


@app.command("drop")
def drop(labeller: LABELLER, version: VERSION) -> None:
    """Forget what one version of a labeller said."""
    from labelling import exchange

    with _texts() as db:
        count = exchange.drop(db, labeller, version)
    say(f"{count:,} labels are forgotten; the next `ax run` counts without them")


@app.command("train")
def train(
    file: Annotated[Path, typer.Argument(help="Parquet: body, label and, if known, language.")],
    labeller: LABELLER,
    version: VERSION,
    kind: Annotated[str, typer.Option("--kind", help="topic, sentiment or emotion.")] = "topic",
) -> None:
    """Learn from texts that somebody labelled; each `ax run` then labels with it.

    Says how well it does in each language on texts it has not seen, as rows for labellers.csv.
    """
    from labelling import learning, trained

    current = settings()
    learned, measured, labels = learning.learn(file, labeller, version, kind, current.languages)
    trained.save(learned, current.labellers / f"{labeller}-{version}.npz")
    say(f"{labeller} in version {version} labels from the next `ax run` on")
    say("its rows for dbt_project/seeds/labellers.csv, without which no metric counts it:")
    for row in measured:
        say(
            f"{labeller},{version},{kind},{row.language},{'|'.join(labels)},{row.macro_f1:.3f},"
            f"{row.n},{file.name} by cross-validation"
        )


@contextmanager
def _texts() -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open the warehouse while no run does, with the texts that it has."""
    from labelling.label import open_texts
    from storage import has, opened, turn

    current = settings()
    if not current.warehouse.exists():
        raise NothingLoaded(current.warehouse)
    with (
        locked(current.data / "run.lock"),
        turn(current.warehouse),
        opened(current.warehouse) as db,
    ):
        if not has(db, "redacted.turns"):
            raise NothingLoaded(current.warehouse)
        open_texts(db)
        yield db


def _handed_out(protected: bool) -> list[str] | None:
    """Return the instruments whose texts may be handed out, None for all of them."""
    from labelling import registry

    return None if protected else registry.identified()


def _ask(command: list[str]) -> None:
    """Run a user's program; what it prints is shown as it is."""
    try:
        done = subprocess.run(command, check=False)
    except OSError as problem:
        raise LabelError(
            f"`{command[0]}` can not be started ({problem.strerror}); write it as on a command "
            "line, after --"
        ) from None
    if done.returncode:
        raise LabelError(
            f"`{shlex.join(command[:-2])}` ended with exit code {done.returncode}; nothing was "
            "taken, mend it and run again"
        )


def _kept(file: Path, name: str) -> Path:
    folder = settings().data / "labels"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"refused-{name}.parquet"
    kept.write_bytes(file.read_bytes())
    return kept


def _told(done: dict[str, int]) -> None:
    without = f", {done['unlabelled']:,} texts have none" if done["unlabelled"] else ""
    say(
        f"{done['labels']:,} labels of {done['turns']:,} turns were taken{without}; the next "
        "`ax run` counts them"
    )
