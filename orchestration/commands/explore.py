"""`ax explore`: what is published, picked by hand, on a page of its own on loopback."""

import importlib.util
import socket

import typer

from orchestration.errors import NoExplorer, NoPublication, PortTaken
from orchestration.settings import ROOT, settings
from orchestration.terminal import show_native

PAGE = ROOT / "dashboards" / "explorer.py"
LOOPBACK = "127.0.0.1"
# It asks nobody for anything, answers to no other name of this machine (which keeps pages of other
# sites from reading it), watches no file of the checkout and offers no way to put itself elsewhere.
QUIET = (
    ("server.address", LOOPBACK),
    ("server.allowedHosts", LOOPBACK),
    ("server.allowedHosts", "localhost"),
    ("server.headless", "true"),
    ("server.fileWatcherType", "none"),
    ("browser.gatherUsageStats", "false"),
    ("client.toolbarMode", "minimal"),
    ("client.showErrorLinks", "false"),
    ("theme.light.primaryColor", "#0b4f8a"),
    ("theme.dark.primaryColor", "#8fc4f6"),
)


def explore(
    port: int = typer.Option(8501, help="Port on 127.0.0.1."),
    verbose: bool = typer.Option(False, "-v", "--verbose", help="Print the native command."),
) -> None:
    """Show any published metric by audience, segment and period, until Ctrl-C."""
    if importlib.util.find_spec("streamlit") is None:
        raise NoExplorer
    serving = settings().serving
    if not serving.exists():
        raise NoPublication("to explore", [])
    if _is_taken(port):
        raise PortTaken(port)
    words = command(port, str(serving))
    show_native(verbose, ["streamlit", *words])
    from streamlit.web.cli import main

    main(words, standalone_mode=False)


def command(port: int, serving: str) -> list[str]:
    """Return Streamlit's own words for the explorer of a published file."""
    options = [f"--{name}={value}" for name, value in (*QUIET, ("server.port", port))]
    return ["run", str(PAGE), *options, "--", serving]


def _is_taken(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex((LOOPBACK, port)) == 0
