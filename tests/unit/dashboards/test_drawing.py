"""An interval lies where the fixed axis of its unit puts it."""

from dashboards.drawing import AXES, EDGE, WIDTH, draw


def test_a_score_of_zero_is_in_the_middle_whatever_the_others_are() -> None:
    drawing = draw(0.0, -50.0, 50.0, 100.0, "score")

    assert drawing is not None
    assert (drawing.point, drawing.zero) == (WIDTH / 2, WIDTH / 2)
    assert drawing.target == WIDTH - EDGE
    assert drawing.low == EDGE + (WIDTH - 2 * EDGE) / 4


def test_an_end_that_was_not_seen_runs_to_the_end_of_the_axis() -> None:
    drawing = draw(2850.0, 2794.0, None, None, "minutes")

    assert drawing is not None
    assert drawing.high == WIDTH - EDGE
    assert drawing.low is not None
    assert drawing.low < drawing.point < WIDTH - EDGE


def test_nothing_is_drawn_beyond_the_axis() -> None:
    for unit, axis in AXES.items():
        drawing = draw(axis.high * 9, axis.low - 5, axis.high * 99, 0.0, unit)

        assert drawing is not None
        assert EDGE == drawing.low <= drawing.point <= WIDTH - EDGE


def test_a_value_without_an_interval_is_a_point_alone() -> None:
    drawing = draw(0.4, None, None, None, "share")

    assert drawing is not None
    assert (drawing.low, drawing.high) == (None, None)


def test_what_is_hidden_or_has_no_axis_is_not_drawn() -> None:
    assert draw(None, None, None, 40.0, "score") is None
    assert draw(3.0, 2.0, 4.0, None, "a unit of next year") is None
