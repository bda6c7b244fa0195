"""What the registries declare that ingestion must know before it reads."""

import csv
import json

from orchestration.settings import FILES, Settings


def declarations(current: Settings) -> dict[str, str]:
    """Return the dlt settings that follow from the registries and the data folder.

    Only declared surveys are exported, each as confidentially as its instrument is declared.
    """
    surveys: dict[str, dict[str, str]] = {}
    kept = {row["instrument"]: row["confidentiality"] for row in _seed(current, "instruments")}
    for item in _seed(current, "survey_items"):
        of_source = surveys.setdefault(item["source"], {})
        of_source[item["source_survey_id"]] = kept[item["instrument"]]
    settings = {
        f"SOURCES__{source.upper()}__SURVEYS": json.dumps(declared)
        for source, declared in surveys.items()
    }
    return {
        **settings,
        f"SOURCES__{FILES.upper()}__INBOX": str(current.inbox),
        "SOURCES__KEYS_DIR": str(current.keys),
    }


def _seed(current: Settings, name: str) -> list[dict[str, str]]:
    with (current.project / "seeds" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))
