"""One page a metric: what the registry says of it, and the argument that people wrote for it.

`python -m orchestration.metric_pages` writes `docs/metrics/`; the argument between the markers of
a page is kept as it stands.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGINS, ENDS = "<!-- the argument: written by hand -->", "<!-- end of the argument -->"
NOTE = (
    "<!-- Made from dbt_project/seeds/metrics.csv by `python -m orchestration.metric_pages`. "
    "Edit the registry, or the argument. -->"
)
INTERVALS = {
    "adjusted_wald": "adjusted Wald: 3/4 promoter, 3/4 detractor and 3/2 passive are added, the "
    "result is clipped to -100..100 and always holds the value",
    "wilson": "Wilson, clipped to 0..1",
    "adjusted_normal": "normal, after adding 3/K answers to each of the K points of the scale, "
    "clipped to the scale",
    "normal": "normal; none from a single respondent",
    "linearised": "normal, with the error of the ratio linearised over persons, never below 0; "
    "none where nobody differs from anybody",
    "poisson": "the score interval of a Poisson count (Wilson's for rates), never below 0",
    "cluster_bootstrap": "the middle 95 % of 200 draws of persons, each with all that is theirs",
    "none": "none: it is a count of all there are, or no valid one is known",
    "woodruff": "Woodruff over the Kaplan-Meier curve with Greenwood's variance: from 0 where the "
    "first wait is not early enough, open above where the last one is not late enough",
}
ANCHORS = {
    "answered": "the day of the answer",
    "wave": "the wave in which it was asked, once it is closed",
    "sent": "the day on which the invitation was sent",
    "sampled": "the day on which somebody was chosen to be asked",
    "created": "the day on which the ticket was created",
    "turn": "the day of the request that was to be answered",
    "solved": "the day on which the ticket was last solved; one that is open again has none",
    "first_solved": "the day on which the ticket was solved for the first time",
    "case": "the day of the first ticket of the case",
    "clock": "the day on which the clock started",
    "detected": "the day on which the case was opened",
    "told": "the day on which the case was closed",
    "visited": "the day of the session",
    "ordered": "the day of the order",
    "entered": "the day on which the stage was entered",
    "applied": "the day of the application",
    "decided": "the day on which the offer was accepted or lost",
    "hired": "the day of the hire",
    "lived": "the day of the touchpoint",
    "said": "the day on which it was said",
    "period": "the period over which, or at whose end, somebody stood so",
    "snapshot": "the date declared for the snapshot",
}
UNITS = {
    "score": "score from -100 to 100",
    "share": "share from 0 to 1",
    "points": "points of the scale",
    "polarity": "polarity from -1 to 1",
    "minutes": "minutes",
    "days": "days",
    "rate": "a number for each of what it is counted against",
    "per_hundred": "a number for each hundred",
    "per_year": "a number for each year",
    "count": "a number",
    "money": "the currency of the organisation",
}


def page(metric: Mapping[str, str], argument: str) -> str:
    """Return the page of one registry row around its argument."""
    lines = "\n".join(f"| {name} | {value} |" for name, value in _facts(metric).items())
    return (
        f"# {metric['label']}\n\n{NOTE}\n\nKey `{metric['metric']}`, definition "
        f"{metric['definition_version']}.\n\n| what | how |\n|---|---|\n{lines}\n\n"
        f"{BEGINS}\n{argument.strip()}\n{ENDS}\n"
    )


def argument_of(text: str) -> str:
    """Return what stands between the markers of a page, '' where nothing does."""
    _, _, rest = text.partition(BEGINS)
    return rest.partition(ENDS)[0].strip()


def registry(root: Path = ROOT) -> list[dict[str, str]]:
    """Return the rows of the metric registry."""
    with (root / "dbt_project" / "seeds" / "metrics.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def pages(root: Path = ROOT) -> dict[Path, str]:
    """Return every page as the registry gives it, with the argument that its file holds."""
    folder = root / "docs" / "metrics"
    files = {folder / f"{row['metric']}.md": row for row in registry(root)}
    return {file: page(row, argument_of(_read(file))) for file, row in files.items()}


def is_generated(root: Path = ROOT) -> bool:
    """Say whether the pages are what the registry gives, no more and no fewer."""
    there = set((root / "docs" / "metrics").glob("*.md"))
    wanted = pages(root)
    return there == set(wanted) and all(_read(file) == text for file, text in wanted.items())


def generate(root: Path = ROOT) -> bool:
    """Write the pages; say whether one had to change. Pages of metrics that are gone stay."""
    changed = {file: text for file, text in pages(root).items() if _read(file) != text}
    for file, text in changed.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return bool(changed)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _facts(metric: Mapping[str, str]) -> dict[str, str]:
    """Return what the registry says, in words."""
    maturity = int(metric["maturity_days"])
    return {
        "Formula": metric["formula"],
        "Of": metric["denominator"],
        "Unit": f"{UNITS[metric['unit']]}; {metric['direction']} is better",
        "Interval (95 %)": INTERVALS[metric["interval_method"]],
        "Placed by": f"{metric['anchor']}: {ANCHORS[metric['anchor']]}",
        "Component": metric["component"],
        "Families": _listed(metric["families"]),
        "Periods": _listed(metric["periods"]),
        "Cut by": _cuts(metric["segments"]),
        "Final": f"{maturity} days after its end" if maturity else "when it is over",
        "Stale": f"after {metric['stale_after_days']} days without a good load",
        "Change": _change(metric),
        "Counts": f"{_listed(metric['event'])} events; published in `pub_metric_values`",
        "Owner": metric["owner"],
        "Changes": "; ".join(metric["changes"].split("|")),
    }


def _change(metric: Mapping[str, str]) -> str:
    """Return which periods are compared with which (int_metric_comparisons)."""
    tested = metric["change_period"]
    if not tested:
        return "not tested"
    against = "the one before and that of a year before" if tested != "wave" else "the one before"
    window = "; the last 90 days against the 90 before"
    return (
        f"tested: {tested} against {against}{window if 'trailing_90' in metric['periods'] else ''}"
    )


def _cuts(segments: str) -> str:
    cuts = segments.split("|")
    listed = _listed("|".join(cut.replace(";", " and ") for cut in cuts if cut != "all"))
    if "all" in cuts:
        return listed or "nothing"
    return f"{listed}; there is no figure over all of them"


def _listed(joined: str) -> str:
    return ", ".join(name.replace("_", " ") for name in joined.split("|") if name)


if __name__ == "__main__":
    generate()
