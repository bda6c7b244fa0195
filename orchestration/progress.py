"""A run as a person in front of a terminal follows it: a line a stage, and what went wrong."""

import logging
import time
from collections.abc import Mapping
from typing import Any

import dagster as dg
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from orchestration import pace
from orchestration.pace import Far
from orchestration.terminal import console

TITLES = {
    "load": "reading the sources",
    "contracts": "building the contracts",
    "identity": "recognising persons",
    "redacted": "redacting what was written",
    "labels": "labelling what was written",
    "marts": "building marts and metrics",
    "publication": "judging and publishing",
    "published__site": "writing the site",
    "published__copy": "copying to the other database",
    "ops__verdict": "summing up",
}


# What dagster-dbt and Dagster say of themselves.
COMMAND = "Running dbt command: `"
CHATTER = (
    "Copying `", "Finished dbt command", "Forwarding interrupt", "dbt process terminated",
    "op '", "Skipping step", "Dependencies for step",
)  # fmt: skip


class Progress(logging.Handler):
    """Turns Dagster's events into lines; where there is a terminal, follows the stage on it.

    `before` has the seconds that each step took in an earlier run.
    """

    def __init__(
        self, console: Console, verbose: bool = False, before: Mapping[str, float] | None = None
    ) -> None:
        super().__init__(logging.DEBUG)
        self.verbose = verbose
        self.console = console
        self.started: dict[str, float] = {}
        self.before = before or {}
        self.step = ""
        self.told: tuple[Far, float] | None = None
        self.live = None
        if console.is_terminal:
            # Asks for its text at each turn. What tools print stays in the run's log.
            self.live = Live(
                Spinner("dots", self, style="status.spinner"),
                console=console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )

    def see(self, far: Far) -> None:
        """Remember how far the stage is that is under way."""
        self.told = (far, time.monotonic())

    def __rich__(self) -> Text:
        """Return the line of the stage that is under way."""
        now = time.monotonic()
        far, since = self.told or (None, now)
        if far and far.left is not None:
            left = far.left - (now - since)
        elif self.step in self.before:
            left = self.before[self.step] - (now - self.started.get(self.step, now))
        else:
            left = None
        return Text(pace.words(TITLES.get(self.step, self.step), far, left))

    def emit(self, record: logging.LogRecord) -> None:
        """Show one record: a step's event, or what a step itself has to say."""
        event = getattr(record, "dagster_event", None)
        if event is None:
            self._said(record)
        elif handler := HANDLERS.get(event.event_type):
            handler(self, event)

    def _said(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.INFO:
            return
        meta: Any = getattr(record, "dagster_meta", None) or {}
        said = meta.get("orig_message") or record.getMessage()
        if said.startswith(CHATTER):
            return
        if said.startswith(COMMAND):
            if not self.verbose:
                return
            said = said.replace(COMMAND, "$ cd dbt_project && ").rstrip("`.")
        style = "red" if record.levelno >= logging.ERROR else "dim"
        self._line(f"        {said}", style)

    def start(self, event: dg.DagsterEvent) -> None:
        """Begin a stage."""
        step = str(event.step_key)
        self.started[step] = time.monotonic()
        self.step, self.told = step, None
        if self.live:
            pace.WATCHERS[:] = [self.see]
            self.live.start()

    def done(self, event: dg.DagsterEvent) -> None:
        """End a stage that went well."""
        self._end(event, "green", "done")

    def failed(self, event: dg.DagsterEvent) -> None:
        """End a stage that did not."""
        self._end(event, "red", "failed")

    def _end(self, event: dg.DagsterEvent, style: str, word: str) -> None:
        step = str(event.step_key)
        seconds = time.monotonic() - self.started.pop(step, time.monotonic())
        title = TITLES.get(step, step)
        # With each stage, for the run's own end is told to another logger than its stages.
        if self.live:
            pace.WATCHERS.clear()
            self.live.stop()
        self._line(f"{word:>6}  {title}, {seconds:.1f} s", style)

    def _line(self, text: str, style: str) -> None:
        self.console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)


HANDLERS = {
    dg.DagsterEventType.STEP_START: Progress.start,
    dg.DagsterEventType.STEP_SUCCESS: Progress.done,
    dg.DagsterEventType.STEP_FAILURE: Progress.failed,
}


@dg.logger(
    {
        "verbose": dg.Field(bool, is_required=False, default_value=False),
        "aside": dg.Field(bool, is_required=False, default_value=False),
        "before": dg.Field(dict, is_required=False, default_value={}),
    },
    description="What `ax run` shows.",
)
def progress_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """Return a logger that shows progress on the terminal that `ax` was started from."""
    logger = logging.Logger("progress", logging.DEBUG)
    config = context.logger_config
    shown = console(error=config["aside"])
    logger.addHandler(Progress(shown, config["verbose"], config["before"]))
    return logger
