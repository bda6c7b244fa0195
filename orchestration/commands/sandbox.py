"""`ax sandbox`: keep the server open, move the clock, start over."""

import shutil
import subprocess

import typer

from orchestration.errors import HouseError
from orchestration.lock import locked
from orchestration.sandbox import server_command
from orchestration.settings import Settings, folder_kind, settings
from orchestration.terminal import say, show_native
from storage.cleaning import empty

app = typer.Typer(help="The organisation that the sandbox makes up.", no_args_is_help=True)
MADE = ("warehouse", "published", "work", "sandbox", "inbox", "quarantine", "kind.json")


@app.command()
def serve(
    port: int = typer.Option(8765, help="Port on 127.0.0.1."),
    verbose: bool = typer.Option(False, "-v", "--verbose", help="Print the native command."),
) -> None:
    """Keep the vendors' emulators open until Ctrl-C."""
    command = server_command(_sandbox().data, port)
    show_native(verbose, command)
    raise typer.Exit(subprocess.run(command).returncode)


@app.command()
def advance(days: int = typer.Option(..., min=1, help="By how many days.")) -> None:
    """Move the sandbox's clock; the next run sees what happened since."""
    from ingestion.sandbox import state

    moved = state.advance(_sandbox().data, days)
    say(f"it is now {moved.as_of.isoformat()} in the sandbox; `ax run` reads what happened since")


@app.command()
def reset(yes: bool = typer.Option(False, "--yes", help="Do not ask.")) -> None:
    """Throw away all that the sandbox made in this data folder, and begin again."""
    current = _sandbox()
    if not yes:
        typer.confirm(f"Throw away the sandbox's data in {current.data}?", abort=True)
    with locked(current.data / "run.lock"):
        for name in MADE:
            path = current.data / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if current.lake:
            empty(current.lake)
    say("gone; `ax run` begins again")


def _sandbox() -> Settings:
    current = settings()
    if (folder_kind(current) or current.kind) != "sandbox":
        raise HouseError(
            f"{current.data} belongs to the organisation; set AX_DATA_DIR to another folder to "
            "use the sandbox"
        )
    return current
