"""Eight readers during fifty publications: no error, and whoever asks after the rename sees the new."""

from collections.abc import Callable

import pytest

from orchestration.settings import Settings
from tests.readers import watched
from tests.unit.orchestration.conftest import built, current  # noqa: F401 - fixtures

pytestmark = pytest.mark.proof


def test_eight_readers_during_fifty_publications(
    current: Settings,  # noqa: F811
    built: Callable[..., None],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    kept: Callable[..., None],
) -> None:
    found = watched(current, built, readers=8, publications=50, patch=monkeypatch)
    # The promise: new data within two seconds of the rename.
    assert found["new_data_after_seconds_at_most"] <= 2
    kept("readers during publications", **found)
