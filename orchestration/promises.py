"""What a dbt test promises, in words, for those who do not read its SQL."""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

# By the macro of the test; the words in braces are its arguments.
SAID = {
    "is_key": "`{column_name}` is never null and never twice.",
    "not_null": "`{column_name}` is never null.",
    "relationships": "Every `{column_name}` is in {to}, as `{field}`.",
    "one_row_per": "No two rows share {columns}.",
    "is_history": "Of one {key} no two rows hold at the same time, and at most one is current.",
    "purpose_holds": "Every row may be read by the purpose `{purpose}`.",
    "rows_hold": "Of every row it is true: {promises}.",
}


def promised(test: Mapping[str, Any]) -> str:
    """Return what a test of the manifest promises: in its own words, or its macro's."""
    if test["description"]:
        return str(test["description"])
    if macro := test.get("test_metadata"):
        said = {name: _said(value) for name, value in macro["kwargs"].items()}
        # A test of dbt's own or of a package, which somebody added: its name says it.
        return SAID.get(macro["name"], f"dbt's test `{macro['name']}` holds.").format(**said)
    lines = (line.strip() for line in test["raw_code"].splitlines())
    comment = takewhile(lambda line: line.startswith("-- ") and "depends_on" not in line, lines)
    return " ".join(line.removeprefix("-- ") for line in comment)


def _said(argument: Any) -> str:
    if isinstance(argument, Mapping):
        each = (f"{name.replace('_', ' ')} (`{held}`)" for name, held in argument.items())
        return "; ".join(each)
    return ", ".join(argument) if isinstance(argument, list) else str(argument)
