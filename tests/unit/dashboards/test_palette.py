"""The colours of the page: readable in both themes, and none outside the palette."""

import re
from pathlib import Path

import pytest

import dashboards

CSS = (Path(dashboards.__file__).parent / "templates" / "scorecard.css").read_text()
PALETTES = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in
            re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)]  # fmt: skip
LIGHT, DARK = PALETTES[0], PALETTES[1]

TEXT = [
    ("ink", "page"), ("ink", "card"), ("ink", "accent-card"), ("soft", "page"), ("soft", "card"),
    ("accent", "accent-card"), ("better", "card"), ("better", "page"), ("worse", "card"),
    ("worse", "page"), ("gap", "gap-card"), ("doubt", "card"), ("target", "card"),
    ("target", "page"),
]  # fmt: skip
GRAPHICS = [
    ("point", "card"), ("whisker", "card"), ("axis", "card"), ("target", "card"),
    ("accent", "track"),
]  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_the_contrast_that_aa_asks_for(palette: dict[str, str]) -> None:
    faint = {pair: contrast(palette[pair[0]], palette[pair[1]]) for pair in TEXT}

    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_drawings_have_the_contrast_that_aa_asks_for(palette: dict[str, str]) -> None:
    faint = {pair: contrast(palette[pair[0]], palette[pair[1]]) for pair in GRAPHICS}

    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}


def test_both_themes_name_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_no_colour_is_used_outside_the_palette() -> None:
    outside = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", outside) == []
