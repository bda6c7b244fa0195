import pandas as pd

from quality.judge import Rule, judge

FIGURES = pd.DataFrame({"table": ["a", "b", "c"], "share": [0.1, 0.9, None]})


def test_a_row_outside_the_range_is_named() -> None:
    rules = [Rule("share", "{table}: {share:.0%} is too much", high=0.5)]
    assert judge(FIGURES, rules) == ["b: 90% is too much"]


def test_a_missing_figure_is_nothing_to_judge() -> None:
    assert judge(FIGURES, [Rule("share", "{table}", low=0, high=1)]) == []


def test_a_check_that_crashes_is_no_pass() -> None:
    findings = judge(FIGURES, [Rule("nonsense", "{table}", high=1)])
    assert len(findings) == 1
    assert "the check of nonsense itself broke" in findings[0]
