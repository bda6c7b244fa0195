"""`ax`, the house's command line: each command says what it runs, and errors in one sentence."""

import contextlib
import os
import sys
import traceback
from datetime import UTC, datetime

import typer
from typer.exceptions import TyperException

from ingestion.secrets import scrubbed
from orchestration.commands import (
    actions,
    audiences,
    doctor,
    env,
    explore,
    export,
    identity,
    label,
    metricflow,
    privacy,
    publications,
    quarantine,
    run,
    sandbox,
    site,
    source,
    status,
)
from orchestration.errors import is_ours
from orchestration.settings import settings
from orchestration.terminal import say

INTERRUPTED = 130
STOPPED = (
    "stopped; nothing half-made was published; "
    "the same command again goes on from the last good load"
)

app = typer.Typer(
    name="ax",
    help="The audience-experience warehouse: from the sources to a published scorecard.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("load")(run.load)
app.command("status")(status.status)
app.command("open")(site.open_site)
app.command("explore")(explore.explore)
app.command("publications")(publications.publications)
app.command("copy")(publications.copy)
app.command("rollback")(publications.rollback)
app.command("export")(export.export)
app.command("actions")(actions.actions)
app.command("forget")(privacy.forget)
app.command("export-subject")(privacy.export_subject)
app.command("doctor")(doctor.doctor)
app.command("generate")(env.generate)
app.command("env")(env.env)
app.command(
    "mf",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(metricflow.mf)
app.add_typer(audiences.app, name="audiences")
app.add_typer(sandbox.app, name="sandbox")
app.add_typer(identity.app, name="identity")
app.add_typer(label.app, name="label")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(source.app, name="source")


def main() -> None:
    """Run a command; end with its exit code, and with one sentence when it can not go on."""
    code = 1
    try:
        code = app(standalone_mode=False) or 0
    except typer.Exit as ended:
        code = ended.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except TyperException as misuse:
        say(misuse.format_message(), error=True)
        code = misuse.exit_code
    except Exception as problem:
        if _is_interrupt(problem):
            code = INTERRUPTED
        else:
            say(str(problem) if is_ours(problem) else _kept(problem), error=True)
    if code == INTERRUPTED:  # whether it came here as an exception or as Typer's exit
        say(STOPPED, error=True)
    sys.stdout.flush()
    sys.stderr.flush()
    if code == INTERRUPTED:
        # Threads that still wait for a vendor's answer must not keep the terminal.
        os._exit(code)
    sys.exit(code)


def _is_interrupt(problem: BaseException | None) -> bool:
    """Tell a person's Ctrl-C from a fault; DuckDB raises an error of its own from it."""
    return problem is not None and (
        isinstance(problem, KeyboardInterrupt)
        or _is_interrupt(problem.__cause__)
        or _is_interrupt(problem.__context__)
    )


def _kept(crash: Exception) -> str:
    folder = settings().logs
    file = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(scrubbed(traceback.format_exc()))
    what = scrubbed(" ".join(str(crash).split()))[:300]
    return f"{type(crash).__name__}: {what}; the traceback is in {file}, please report it"


if __name__ == "__main__":
    main()
