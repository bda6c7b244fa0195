"""Great Expectations on a small frame of figures: a rule a column, a finding a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Rule:
    """A figure that must stay between `low` and `high`; a missing figure is nothing to judge.

    `finding` is the sentence said of a row that does not: a format string over its columns.
    """

    figure: str
    finding: str
    low: float | None = None
    high: float | None = None


def judge(figures: "pd.DataFrame", rules: Sequence[Rule]) -> list[str]:
    """Return a finding for each row of figures that breaks a rule, and for each crashed check."""
    if figures.empty:
        return []
    # The slowest import of the house: only who has something to judge pays for it.
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    suite = gx.ExpectationSuite(name="door", expectations=[_expectation(rule) for rule in rules])
    batch = context.data_sources.pandas_default.read_dataframe(figures)
    result = batch.validate(suite, result_format="COMPLETE")
    by_figure = {rule.figure: rule for rule in rules}
    return [
        finding for outcome in result.results for finding in _findings(outcome, by_figure, figures)
    ]


def _expectation(rule: Rule) -> Any:
    import great_expectations.expectations as gxe

    return gxe.ExpectColumnValuesToBeBetween(
        column=rule.figure, min_value=rule.low, max_value=rule.high
    )


def _findings(outcome: Any, rules: Mapping[str, Rule], figures: "pd.DataFrame") -> Iterator[str]:
    rule = rules[outcome.expectation_config.kwargs["column"]]
    if crash := _crash(outcome.exception_info):
        # Great Expectations calls a crash a failure like any other; it is no verdict on the data.
        yield f"the check of {rule.figure} itself broke ({crash})"
    elif not outcome.success:
        for index in outcome.result["unexpected_index_list"]:
            yield rule.finding.format(**figures.loc[index].to_dict())


def _crash(info: Mapping[str, Any] | None) -> str | None:
    """Return what a check died of; the report holds one entry, or one per computed figure."""
    if not info:
        return None
    entries = [info] if "raised_exception" in info else list(info.values())
    died = [entry["exception_message"] for entry in entries if entry.get("raised_exception")]
    return " ".join(str(died[0]).split())[:200] if died else None
