"""Stage 3: who is who, between the contracts and everything that speaks of persons."""

from typing import Any

import dagster as dg

from orchestration.between import between
from orchestration.settings import Settings
from orchestration.standing import as_of

# What dbt reads as source `identity`; the identifiers themselves stay where they are.
TABLES = {
    "account_organisations": "One row per account of a company that is bound to an organisation.",
    "account_persons": "One row per account that is bound to a person.",
    "churn": "One row per run that gave, merged or moved an id.",
    "contacts": "How a person is called and reached; only schema restricted reads it.",
    "contested_values": "Identifier values that join nobody, each with its reason.",
    "identifier_quality": "How many persons share one value, by kind of identifier.",
    "open_reviews": "How many cases wait for a decision, by what they are about.",
    "organisations": "One row per organisation, with the attributes of its best account.",
    "person_bindings": "Who was known as whom, and when.",
    "person_ids": "Every id ever given to a person, with the older one that it was merged into.",
    "persons": "One row per person, with the attributes of its best account.",
}
READS = ("organisations", "person_observations")


def build_identity(current: Settings) -> dg.AssetsDefinition:
    """Return the step that binds accounts to persons."""

    def work() -> dict[str, Any]:
        from identity import resolve

        return resolve(current.warehouse, as_of(current), cluster=current.cluster)

    return between(current, "identity", TABLES, READS, work)
