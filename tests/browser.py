"""A real browser, and the houses whose pages it is shown."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.published_file import audience, crowd, lively, publish

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium: apt-get install chromium"
)

LONG = "Members of the northern branch who renewed twice and then moved to another branch " * 3
HOSTILE = {
    "markup": "</style><script>alert(1)</script><img src=//example.org/x onerror=alert(1)>",
    "right-to-left": "مشجعو كرة القدم في الدوري الممتاز \u202e وأصدقاؤهم",
    "200 characters": LONG[:200],
    "one long word": "Donaudampfschifffahrtsgesellschaftskapitän" * 5,
    "emoji": "👩‍👩‍👧‍👦🏟️⚽🏳️‍🌈" * 12,
}


def bare(file: Path) -> Path:
    """Write a house whose audiences have hostile names and nothing else."""
    people = [
        audience(f"a{rank}", rank, label=label, owner_role=None, journey=None)
        for rank, label in enumerate([*HOSTILE.values()] * 8, start=1)
    ]
    return publish(file, audiences=people)


HOUSES: dict[str, Callable[[Path], Path]] = {
    "lively": lively,
    "empty": publish,
    "one audience": lambda file: crowd(file, 1),
    "sixty audiences": lambda file: crowd(file, 60),
    "nothing but hostile names": bare,
    **{
        f"sixty of {kind}": lambda file, text=text: crowd(file, 60, label=text, owner_role=text)
        for kind, text in HOSTILE.items()
    },
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser of the system's own."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
