"""What figures say: the table of docs/benchmarks.md, and what got slower since the last ones."""

import json
import statistics
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.scenario import Reach, Scenario
from benchmarks.timing import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "bench.json"
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: made by `make bench` -->", "<!-- end of figures -->"
HEAD = ("what", "ours", "yardstick", "ratio", "wanted", "reached")

Results = Mapping[str, Mapping[str, Any]]


def key(scenario: Scenario, size: int) -> str:
    """Return under which name figures are kept: a size of its own keeps figures of its own."""
    return scenario.name if size == scenario.size else f"{scenario.name} {size}"


def read(text: str) -> dict[str, Any]:
    """Return results from their text."""
    results: dict[str, Any] = json.loads(text)
    return results


def kept() -> dict[str, Any]:
    """Return the results that are kept."""
    return read(RESULTS.read_text()) if RESULTS.exists() else {}


def write(results: Results) -> None:
    """Keep results."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")


def ratio(result: Mapping[str, Any], figure: str = "seconds") -> float | None:
    """Return ours in shares of the yardstick, of the medians; None without a yardstick."""
    sides = result["medians"]
    if "yardstick" not in sides:
        return None
    return float(sides["ours"][figure] / max(sides["yardstick"][figure], 1e-9))


def measured(result: Mapping[str, Any]) -> list[float]:
    """Return what a result is compared by, round by round: the ratio, else seconds.

    The ratio first, for a machine that is slower today is so for both.
    """
    ours = [one["seconds"] for one in result["rounds"]["ours"]]
    beside = [one["seconds"] for one in result["rounds"].get("yardstick", [])]
    return [a / max(b, 1e-9) for a, b in zip(ours, beside, strict=True)] if beside else ours


def spread(figures: list[float]) -> float:
    """Return how far figures lie apart."""
    return max(figures) - min(figures)


def compared(before: Results, now: Results) -> Iterator[str]:
    """Say of each result what became slower or faster, by more than its own rounds differ."""
    for name, result in now.items():
        if name not in before:
            yield f"{name}: has no figures to be compared with"
            continue
        old, new = measured(before[name]), measured(result)
        unit = "x" if "yardstick" in result["rounds"] else " s"
        was, is_ = statistics.median(old), statistics.median(new)
        said = f"{was:.2f}{unit} before, {is_:.2f}{unit} now"
        if min(len(old), len(new)) < 2:
            yield f"{name}: {said}; one round tells no spread"
        elif abs(is_ - was) <= max(spread(old), spread(new)):
            yield f"{name}: as before ({said})"
        else:
            yield f"{name}: {'SLOWER' if is_ > was else 'faster'}, {said}"


def in_a_line(result: Mapping[str, Any]) -> str:
    """Return the figures of a result."""
    sides = ", ".join(f"{side} {cost(one)}" for side, one in result["medians"].items())
    shares = ratio(result)
    return sides if shares is None else f"{sides}: {times(shares)}"


def cost(figures: Mapping[str, float]) -> str:
    """Return seconds, those of the processors, and memory."""
    processors = duration(figures["cpu_seconds"])
    return f"{duration(figures['seconds'])} ({processors} CPU), {amount(figures['peak_mb'])}"


def duration(seconds: float) -> str:
    """Return seconds as a person reads them."""
    return f"{seconds * 1000:.0f} ms" if seconds < 0.1 else f"{seconds:.3g} s"


def amount(megabytes: float) -> str:
    """Return memory as a person reads it."""
    return f"{megabytes / 1024:.1f} GB" if megabytes >= 1000 else f"{megabytes:.0f} MB"


def times(shares: float) -> str:
    """Return shares of a yardstick; below half of it also how much faster that is."""
    faster = f" ({1 / shares:.1f} times as fast)" if shares < 1 / 2 else ""
    return f"{shares:.2f}x{faster}"


def wanted(reach: Reach | None) -> str:
    """Return what is to be reached."""
    if reach is None:
        return ""
    return f"at most {duration(reach.at_most) if reach.of == 'seconds' else f'{reach.at_most:g}x'}"


def reached(reach: Reach | None, result: Mapping[str, Any]) -> str:
    """Say whether it was, or how many times too much it is."""
    if reach is None:
        return ""
    got = result["medians"]["ours"]["seconds"] if reach.of == "seconds" else ratio(result)
    share = (got or 0) / reach.at_most
    return "yes" if share <= 1 else f"**no**, {share:.2g} times too much"


def table(results: Results, known: Mapping[str, Scenario]) -> str:
    """Return the figures as Markdown, in the order of the scenarios."""
    rows = [
        _row(scenario, result)
        for scenario in known.values()
        for result in sorted(
            (one for one in results.values() if one["scenario"] == scenario.name),
            key=lambda one: int(one["size"]),
        )
    ]
    lines = [HEAD, ["---"] * len(HEAD), *rows]
    return "\n".join([*("| " + " | ".join(line) + " |" for line in lines), "", taken_on(results)])


def _row(scenario: Scenario, result: Mapping[str, Any]) -> list[str]:
    size = f", {result['size']:,} {scenario.of}" if result["size"] else ""
    sides, shares = result["medians"], ratio(result)
    beside = sides.get("yardstick")
    return [
        scenario.does + size,
        cost(sides["ours"]),
        f"{cost(beside)}: {scenario.beside}" if beside else "",
        "" if shares is None else times(shares),
        wanted(scenario.reach),
        reached(scenario.reach, result),
    ]


def taken_on(results: Results) -> str:
    """Say on what machine, with what versions and at which commits figures were taken."""
    said: dict[str, list[str]] = {}
    for name, result in sorted(results.items()):
        machine, versions = result["machine"], result["versions"]
        load = machine["load_average"]
        on = f"{machine['cores']} cores, {machine['memory_gb']} GB; " + ", ".join(
            f"{library} {version}" for library, version in versions.items()
        )
        rounds = len(result["rounds"]["ours"])
        at = f"{name} ({result['commit']}, {rounds} round{'s'[: rounds > 1]}, load {load})"
        said.setdefault(on, []).append(at)
    return "\n\n".join(f"On {on}. At commit: {', '.join(names)}." for on, names in said.items())


def with_figures(page: str, figures: str) -> str:
    """Return a page with figures between its marks."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}"


def render(results: Results, known: Mapping[str, Scenario]) -> None:
    """Write the figures into the page."""
    PAGE.write_text(with_figures(PAGE.read_text(), table(results, known)))
