"""`ax explore` says in one sentence what keeps it from starting, and where its page may be seen."""

import socket
import sys

import pytest

from dashboards import explorer
from orchestration.commands import explore
from orchestration.errors import NoExplorer, NoPublication, PortTaken
from tests import published_file


@pytest.fixture
def asked(current, monkeypatch):
    monkeypatch.setattr(explore, "settings", lambda: current)
    return lambda port=8501: explore.explore(port=port, verbose=False)


def test_without_the_extra_it_says_how_to_get_it(asked, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "streamlit", None)
    with pytest.raises(NoExplorer, match="`uv sync --extra explore` installs it"):
        asked()


def test_before_the_first_publication_it_says_what_makes_one(asked) -> None:
    with pytest.raises(NoPublication, match=r"no publication to explore; .* run `ax run`"):
        asked()


def test_a_port_that_is_taken_is_named(asked, current) -> None:
    current.published.mkdir(parents=True)
    published_file.publish(current.serving)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} of 127.0.0.1 is taken"):
            asked(port)


def test_it_is_seen_from_this_machine_alone_and_asks_nobody_for_anything(current) -> None:
    words = explore.command(8599, str(current.serving))
    assert words[:2] == ["run", explorer.__file__]
    assert words[-2:] == ["--", str(current.serving)]
    assert {"--server.address=127.0.0.1", "--browser.gatherUsageStats=false",
            "--server.headless=true", "--server.port=8599"} < set(words)  # fmt: skip
