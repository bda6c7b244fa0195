"""What Dagster's pages say of every asset beside what it is: who answers for it, where to read on.

A group is a stage, and what lies below it a part of the stage: `sources/files`, `marts/journeys`.
dbt's own groups (`dbt_project/models/_groups.yml`) say who answers; a model has its folder's.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration.settings import Settings

# Who answers for what no dbt model makes.
GROUPS = {"published": "bi"}
OTHERS = "data_engineering"
# The page of docs/ on a stage, or on a part of it: the nearest name counts.
DOCS = {
    "sources": "sources",
    "registries": "governance",
    "contracts": "connect-your-own",
    "identity": "identity",
    "redacted": "redaction",
    "labels": "labels",
    "intermediate": "add-a-metric",
    "marts": "bi",
    "restricted": "classification",
    "published": "bi",
    "ops": "operate",
    "audience": "add-an-audience",
    "commerce": "experience-value",
    "culture": "perception",
    "drivers": "key-drivers",
    "fans": "fans",
    "friction": "friction",
    "links": "ex-to-cx",
    "listening": "friction",
    "loop": "closed-loop",
    "loyalty": "loyalty-under-stress",
    "metrics": "semantic-layer",
    "operations": "operate",
    "queue": "closed-loop",
    "strategy": "priorities",
    "surveys": "surveys",
}


def told(
    current: Settings, manifest: Mapping[str, Any], assets: list[dg.AssetsDefinition]
) -> list[dg.AssetsDefinition]:
    """Return the assets, each with an owner and the pages that tell of it."""
    groups = {group["name"]: group["owner"]["email"] for group in manifest["groups"].values()}

    def say(spec: dg.AssetSpec) -> dg.AssetSpec:
        group = str(spec.group_name)
        owner = groups[GROUPS.get(group, OTHERS)]
        pages = {**_docs(group), **_dictionary(current, spec)}
        return spec.replace_attributes(
            owners=spec.owners or [owner],
            description=_linked(spec.description or "", pages.get("dictionary")),
            metadata={**spec.metadata, **pages},
        )

    return [*dg.map_asset_specs(say, assets)]


def _docs(group: str) -> dict[str, Any]:
    pages = [DOCS[part] for part in group.split("/") if part in DOCS]
    return {"docs": dg.MetadataValue.path(f"docs/{pages[-1]}.md")} if pages else {}


def _dictionary(current: Settings, spec: dg.AssetSpec) -> dict[str, Any]:
    table = spec.key.path[-1]
    if not table.startswith("pub_"):
        return {}
    return {"dictionary": page_of(current, f"dictionary.html#{table}")}


def _linked(description: str, page: Any) -> str:
    """Return a description with its link, where it is one, above the SQL that follows it."""
    if not isinstance(page, dg.UrlMetadataValue):
        return description
    said, heading, sql = description.partition("\n\n#### Raw SQL")
    return f"{said}\n\n[In the dictionary]({page.url}){heading}{sql}"


def page_of(current: Settings, page: str) -> dg.UrlMetadataValue | dg.PathMetadataValue:
    """Return a page of the site: a link where it is served, else an address to copy.

    A browser follows no link from a server's page to a file, but opens one that is pasted.
    """
    if current.site_url:
        return dg.MetadataValue.url(f"{current.site_url.rstrip('/')}/{page}")
    return dg.MetadataValue.path(f"{current.site.parent.as_uri()}/{page}")
