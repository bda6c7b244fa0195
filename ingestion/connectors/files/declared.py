"""What mappings declare instead of reading it, for those who look at the house's standing."""

from pathlib import Path

import dlt

from ingestion.connectors.files.catalogue import own_folder, read_catalogue
from ingestion.connectors.files.read import is_finished


def declared_constants(inbox: Path) -> list[dict[str, str]]:
    """Return file, mapping, contract, column and value of each declared value, file by file."""
    if not inbox.is_dir():
        return []
    catalogue = read_catalogue(own_folder(inbox, dlt.config.get("sources.files.mappings", str)))
    return [
        {
            "file": path.name,
            "mapping": mapping.kind,
            "contract": mapping.contract,
            "column": column,
            "value": value,
        }
        for path in sorted(inbox.iterdir())
        if is_finished(path)
        for mapping in catalogue.of(path.name)
        for column, value in mapping.said.items()
    ]
