"""One of the steps between dbt's two runs, alone in its process and with no import but its own.

`python -m benchmarks.between identity <data>`
"""

import sys

from orchestration.settings import Settings, read


def identity(current: Settings) -> None:
    """Bind accounts to persons."""
    from identity import resolve
    from orchestration.standing import as_of

    resolve(current.warehouse, as_of(current))


def redaction(current: Settings) -> None:
    """Redact what was written."""
    from privacy.redaction import redact

    redact(current.warehouse, current.languages)


def labels(current: Settings) -> None:
    """Label what was written."""
    from labelling.label import label, learned, shipped

    label(current.warehouse, [*shipped(), *learned(current.labellers)])


STEPS = {"identity": identity, "redaction": redaction, "labels": labels}

if __name__ == "__main__":
    STEPS[sys.argv[1]](read({"AX_DATA_DIR": sys.argv[2]}))
