"""`ax open`: the site in the browser; it is a folder of files and needs no server."""

import typer

from orchestration.errors import NoSite
from orchestration.settings import settings
from orchestration.terminal import say


def open_site() -> None:
    """Show the scorecard and the pages behind it in the browser."""
    first = settings().site
    if not first.exists():
        raise NoSite(first)
    say(f"{first}")
    if typer.launch(first.as_uri()):
        say("no browser could be started here; open the file above in one", error=True)
        raise typer.Exit(1)
