"""What Dagster loads; whatever else stood at the top of this module would be dropped silently."""

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Return the house for the sources that are on."""
    from ingestion.connector import discover
    from orchestration.jobs import assemble
    from orchestration.settings import settings

    return assemble(settings(), discover())
