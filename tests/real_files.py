"""Where files lie that others made public: no part of this project, named by AX_SHARED_DATA."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "data"
FOLDER = Path(os.environ.get("AX_SHARED_DATA") or BESIDE)

needs_them = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the real files are not at {FOLDER}; set AX_SHARED_DATA"
)
