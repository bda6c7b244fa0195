"""Stages 5 and 6: the published door, the publication, the page, and the verdict on the run."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration import ledger
from orchestration.errors import HeldBack, StoodStill
from orchestration.event_log import last_answers
from orchestration.publish import code_version, publish
from orchestration.settings import Settings
from orchestration.stages import page_of
from orchestration.standing import as_of, problems, remember
from privacy.errors import AnotherErasure

CHECK = "published_door"
PROMISED = (
    "What is about to leave is plausible, in itself and against the last publication: units, "
    "intervals, suppression, rows (Great Expectations, docs/checks.md)."
)
MARTS = dg.AssetKey(["published", "marts"])
SITE = dg.AssetKey(["published", "site"])
COPY = dg.AssetKey(["published", "copy"])
VERDICT = dg.AssetKey(["ops", "verdict"])
DOOR = dg.AssetCheckKey(MARTS, CHECK)


def published_keys(manifest: Mapping[str, Any]) -> list[dg.AssetKey]:
    """Return the asset keys of all models that leave."""
    return [
        dg.AssetKey([node["config"]["schema"], node["name"]])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "published"
    ]


def build_publication(current: Settings, manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """Return the step that lets a publication through the door or holds it back."""

    @dg.multi_asset(
        name="publication",
        specs=[
            dg.AssetSpec(
                MARTS,
                deps=published_keys(manifest),
                group_name="published",
                description="The serving file and its Parquet exports, swapped in whole.",
                kinds={"duckdb", "parquet"},
            )
        ],
        check_specs=[dg.AssetCheckSpec(CHECK, asset=MARTS, description=PROMISED)],
        pool="warehouse",
        required_resource_keys={"house"},
    )
    def publication(context: dg.AssetExecutionContext) -> Iterator[object]:
        from orchestration.erasure import intent_file
        from quality.published_door import published_door

        start = time.monotonic()
        if (intent := intent_file(current)).exists():
            raise dg.Failure(str(AnotherErasure(intent)))
        findings = published_door(current.publication, current.serving)
        yield dg.AssetCheckResult(
            asset_key=MARTS,
            check_name=CHECK,
            passed=not findings,
            description="; ".join(findings) or "plausible against last time",
            metadata={"findings": len(findings), "held": findings},
        )
        if findings:
            raise dg.Failure(str(HeldBack(findings)))
        facts = {
            "code": code_version(current.root),
            "checks": checks_of(context),
            "run_seconds": seconds_of(context),
        }
        made = publish(current, as_of(current), facts)
        ledger.note(current, "published", made.facts)
        yield dg.MaterializeResult(
            asset_key=MARTS,
            metadata={
                "dagster/row_count": sum(made.facts["rows"].values()),
                "seconds": round(time.monotonic() - start, 1),
                **{name: made.facts[name] for name in ("id", "sha256", "rows", "checks")},
            },
        )

    return publication


def seconds_of(context: dg.AssetExecutionContext) -> float | None:
    """Return how long this run has taken so far; None where nobody wrote down when it began."""
    record = context.instance.get_run_record_by_id(context.run_id)
    began = record.start_time if record else None
    return round(time.time() - began, 1) if began else None


def checks_of(context: dg.AssetExecutionContext) -> dict[str, int]:
    """Count the checks of the house by how they ended when they were last asked.

    A run asks those of what it builds; what stands as it was stands by its last answer.
    """
    answers = last_answers(context.instance, DOOR)
    return Counter(
        "passed" if answer.passed else answer.severity.value.lower() for _, answer in answers
    )


def build_site(current: Settings) -> dg.AssetsDefinition:
    """Return the step that writes the pages people look at."""

    @dg.asset(
        key=SITE,
        deps=[MARTS],
        group_name="published",
        description="The scorecard and the pages behind it, made of the serving file alone.",
        kinds={"dashboard", "python"},
        required_resource_keys={"house"},
    )
    def site(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        from dashboards.site import write

        made = write(current.serving, current.published)
        remember(current)
        return dg.MaterializeResult(
            metadata={
                "site": page_of(current, current.site.name),
                **{name: made[name] for name in ("seconds", "bytes", "pages")},
            }
        )

    return site


def build_copy(current: Settings) -> dg.AssetsDefinition:
    """Return the step that brings the publication into another database."""

    @dg.asset(
        key=COPY,
        deps=[MARTS],
        group_name="published",
        description="The published tables in another database, all of them swapped at once.",
        kinds={"dlt", current.copy_to or ""},
        required_resource_keys={"house"},
    )
    def copied(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        from orchestration.copies import renew

        start = time.monotonic()
        rows = renew(current)
        seconds = round(time.monotonic() - start, 1)
        return dg.MaterializeResult(
            metadata={"dagster/row_count": sum(rows.values()), "seconds": seconds}
        )

    return copied


def build_verdict(current: Settings) -> dg.AssetsDefinition:
    """Return the last step: a run in which a source stood still is not green."""

    @dg.asset(
        key=VERDICT,
        deps=[["ops", "loads"]],
        group_name="ops",
        description="Fails when a source could not be loaded, after all others were published.",
        kinds={"python"},
        # It only needs the loads, and comes after everything else that can still be done.
        op_tags={"dagster/priority": "-10"},
        required_resource_keys={"house"},
    )
    def verdict(context: dg.AssetExecutionContext) -> None:
        if found := problems(current):
            raise dg.Failure(str(StoodStill(found)))

    return verdict
