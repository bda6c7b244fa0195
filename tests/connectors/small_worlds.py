"""The worlds that connectors bring to their tests: `<vendor>/<vendor>_world.py` with `tables()`."""

import importlib
import importlib.util
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ingestion.connector import discover

HERE = Path(__file__).parent
# One vendor for each way of paging: by a date or by nothing, by links in a header, by POST, by
# finished exports, in bulk, by GraphQL, by the last id, by cursors.
WAYS_OF_PAGING = {
    "bamboohr", "freshdesk", "hubspot", "qualtrics", "salesforce", "shopify", "stripe", "zendesk",
}  # fmt: skip
AS_OF = datetime.fromisoformat("2026-06-30T00:00:00+00:00")


def vendors() -> list[str]:
    """Return the connectors that bring a small world."""
    return [name for name in discover() if (HERE / name / f"{name}_world.py").exists()]


def ways_of_paging(but: str | None = None) -> list[Any]:
    """Return the vendors as parameters: one for each way of paging, the others as long proofs.

    For what the client and the landing do, which all share.
    """
    return [
        pytest.param(name, marks=() if name in WAYS_OF_PAGING else pytest.mark.proof)
        for name in vendors()
        if name != but
    ]


def emulator(vendor: str) -> ModuleType:
    """Return the module of a vendor's emulator."""
    return importlib.import_module(f"ingestion.connectors.{vendor}.emulator")


def small_world(vendor: str) -> dict[str, Any]:
    """Return the tables of a vendor's small world."""
    return world_of(vendor).tables()


def settings(vendor: str) -> dict[str, str]:
    """Return dlt's settings under which a vendor's emulator shows its small world."""
    sandbox = dict(discover()[vendor].sandbox)
    return sandbox | (getattr(world_of(vendor), "SETTINGS", {}) if vendor in vendors() else {})


def world_of(vendor: str) -> ModuleType:
    """Return the module that makes a vendor's small world."""
    spec = importlib.util.spec_from_file_location(
        f"{vendor}_world", HERE / vendor / f"{vendor}_world.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
