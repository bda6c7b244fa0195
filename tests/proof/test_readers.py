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
    # Seconds are kept, not judged: on a busy machine they tell how long one query takes. That nobody
    # who asks after the rename sees the past is judged, in `watched`, and holds at any speed.
    kept("readers during publications", **found)
