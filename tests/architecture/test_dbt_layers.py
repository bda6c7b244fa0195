"""How the models may refer to one another, and what every model says of itself."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from orchestration import identity, labels, redaction
from orchestration.settings import PURPOSES

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MODELS = PROJECT / "models"
REF = re.compile(r"""\bref\(\s*['"](\w+)['"]\s*\)""")
SOURCE = re.compile(r"""\bsource\(\s*['"](\w+)['"]\s*,\s*['"](\w+)['"]\s*\)""")
LAYERS = ("contracts", "intermediate", "marts", "restricted", "published")
# What a layer may read, by the layer of what it reads; seeds are registries that anybody may ask.
MAY_READ = {
    "intermediate": {"contracts", "intermediate", "seeds", "ledger"},
    "marts": {"intermediate", "marts", "seeds"},
    "restricted": {"marts"},
    "published": {"marts"},
}
# Written beside dbt, between its two runs: `int_` reads it as a source (architecture.md).
WRITTEN_BETWEEN = {"identity", "labels", "redacted"}
# Grouped or distinct by its grain, so a key could not fail; or tested on the row that it becomes.
KEY_IS_TESTED_ELSEWHERE = {
    "int_metric_observations",
    "int_metric_days",
    "int_metric_waits",
    "int_metric_respondents",
    "int_metric_overlaps",
    "int_metric_mixtures",
    "int_metric_standings",
    "int_metric_cells__quantile",
    "int_metric_suppression",
    "int_metric_blanks",
    "int_memberships",
    "int_persons__stood_as",
    "int_persons__active",
    "int_audience_standings",
    "fct_metric_values",
}

# By what the first or last of a group is told where it is one column: of which no two rows of that
# group are the same. Where two may be, it is a struct that ends with a key.
TOLD_BY_A_COLUMN = {
    "bamboohr__employments": {"picture"},
    "int_employments__stints": {"employed_from"},
    "int_metric_cells__quantile": {"curve.value"},
    "int_metric_standings__followers": {"counts.counted_on"},
    "lever__person_observations": {"seen"},  # such a struct
    "survey_respondents": {"seen"},  # such a struct
}
FIRST_OR_LAST = re.compile(r"\b(?:arg_(?:min|max)(?:_null)?|(?:min|max)_by)\(")


def models(*folders: str) -> list[Path]:
    """Return the models of some folders: SQL, and the few that are Python."""
    files = [file for folder in folders for file in (MODELS / folder).rglob("*.*")]
    return sorted(file for file in files if file.suffix in (".sql", ".py"))


def vendor_models(prefix: str = "") -> list[Path]:
    return [file for file in models("connectors") if file.name.startswith(prefix)]


def refs(file: Path) -> set[str]:
    return set(REF.findall(file.read_text(encoding="utf-8")))


def sources(file: Path) -> set[tuple[str, str]]:
    return set(SOURCE.findall(file.read_text(encoding="utf-8")))


@cache
def layer_of() -> dict[str, str]:
    found = {file.stem: "seeds" for file in (PROJECT / "seeds").glob("*.csv")}
    found |= {file.stem: layer for layer in LAYERS for file in models(layer)}
    found |= {file.stem: file.parent.name for file in vendor_models()}
    ledgers = [file.stem for file in (MODELS / "connectors" / "ops").glob("stg_ops__*.sql")]
    return found | dict.fromkeys(ledgers, "ledger")


@cache
def described() -> dict[str, dict[str, Any]]:
    """Return what the YAML files say of each model."""
    files = sorted(MODELS.rglob("*.yml"))
    return {
        model["name"]: model | {"file": file}
        for file in files
        # dbt's own loader, which is libyaml's and reads a little more than the other.
        for model in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader).get("models", [])
    }


@cache
def registries() -> dict[str, dict[str, Any]]:
    """Return what the YAML says of each seed."""
    files = sorted((PROJECT / "seeds").glob("*.yml"))
    seeds = [
        yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["seeds"] for file in files
    ]
    return {seed["name"]: seed for [seed] in seeds}


def checks_on(model: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the tests of a model and its columns."""
    for holder in [model, *model.get("columns", [])]:
        for test in holder.get("data_tests", []):
            yield test if isinstance(test, str) else next(iter(test))


@pytest.mark.parametrize("layer", MAY_READ)
def test_a_layer_reads_only_what_it_may(layer: str) -> None:
    offences = {
        file.stem: sorted(ref for ref in refs(file) if layer_of()[ref] not in MAY_READ[layer])
        for file in models(layer)
    }
    assert {name: found for name, found in offences.items() if found} == {}


def test_only_staging_reads_sources_and_int_what_is_written_between() -> None:
    offences = {
        file.stem: sorted(source for source, _ in sources(file))
        for file in models("contracts", "intermediate", "marts", "published")
        if {source for source, _ in sources(file)}
        - (WRITTEN_BETWEEN if file.stem.startswith("int_") else set())
    }
    offences |= {f.stem: ["a source"] for f in vendor_models() if sources(f) and not is_staging(f)}
    assert offences == {}


def is_staging(file: Path) -> bool:
    return file.name.startswith("stg_")


@pytest.mark.parametrize("file", vendor_models("stg_"), ids=lambda f: f.stem)
def test_staging_reads_one_source_of_its_vendor_and_no_model(file: Path) -> None:
    vendor = file.parent.name
    assert file.stem.startswith(f"stg_{vendor}__")
    assert {source for source, _ in sources(file)} == {vendor}
    assert len(sources(file)) == 1
    assert refs(file) == set()


def test_a_vendors_models_read_only_its_own_staging_and_registries() -> None:
    offences = {
        file.stem: sorted(
            ref for ref in refs(file) if layer_of()[ref] not in (file.parent.name, "seeds")
        )
        for file in vendor_models()
        if not is_staging(file)
    }
    assert {name: found for name, found in offences.items() if found} == {}


def test_a_vendors_models_fill_contracts_that_exist() -> None:
    contracts = {file.stem for file in models("contracts")}
    strangers = [
        file.stem
        for file in vendor_models()
        if not is_staging(file)
        and (
            file.stem.split("__")[0] != file.parent.name
            or file.stem.split("__")[1] not in contracts
        )
    ]
    assert strangers == []


def test_a_published_model_is_one_mart() -> None:
    assert {
        file.stem: len(refs(file)) for file in models("published") if len(refs(file)) != 1
    } == {}
    assert all(file.stem.startswith("pub_") for file in models("published"))


def test_names_tell_the_layer() -> None:
    assert all(file.stem.startswith("int_") for file in models("intermediate"))
    marts = ("dim_", "fct_", "bridge_")
    assert [f.stem for f in models("marts") if not f.stem.startswith(marts)] == []


@pytest.mark.parametrize("file", models(*LAYERS, "connectors"), ids=lambda f: f.stem)
def test_the_first_line_is_the_grain(file: Path) -> None:
    begins = "# Grain: " if file.suffix == ".py" else "-- Grain: "
    assert file.read_text(encoding="utf-8").startswith(begins)


def test_every_model_is_described_in_a_file_beside_it() -> None:
    alone = [
        file.stem
        for file in models(*LAYERS)
        if described().get(file.stem, {}).get("file") != file.with_suffix(".yml")
    ]
    silent = [file.stem for file in models(*LAYERS, "connectors")
              if not described().get(file.stem, {}).get("description")]  # fmt: skip
    assert (alone, silent) == ([], [])


def test_yaml_describes_no_model_that_is_gone() -> None:
    assert set(described()) - set(layer_of()) == set()


def test_every_model_tests_its_key() -> None:
    keyless = {
        file.stem
        for file in models(*LAYERS)
        if not {"is_key", "one_row_per", "is_history"} & set(checks_on(described()[file.stem]))
    }
    # The slices of these are tested on the union that they become.
    slices = {f.stem for f in models("intermediate") if f.parent.name in ("events", "standings")}
    assert keyless - {"pub_metric_values", "pub_metric_changes"} == KEY_IS_TESTED_ELSEWHERE | slices


def test_the_key_of_a_slice_is_tested_on_its_contract_which_tells_the_source() -> None:
    told = [
        test["is_key"]["arguments"]
        for file in models("contracts")
        for column in described()[file.stem]["columns"]
        for test in column.get("data_tests", [])
        if "is_key" in test
    ]
    twice = [f.stem for f in models("connectors") if "is_key" in checks_on(described()[f.stem])]
    assert (told, twice) == ([{"of": "source"}] * len(models("contracts")), [])


def orders(sql: str) -> Iterator[str]:
    """Yield the last argument of each call that gives the first or last value of a group."""
    for call in FIRST_OR_LAST.finditer(sql):
        depth, begins = 1, call.end()
        for at in range(call.end(), len(sql)):
            depth += (sql[at] in "([{") - (sql[at] in ")]}")
            if depth == 0:
                yield sql[begins:at].strip()
                break
            if depth == 1 and sql[at] == ",":
                begins = at + 1


def test_the_first_or_last_of_a_group_is_the_same_one_however_its_rows_lie() -> None:
    files = [*PROJECT.rglob("macros/*.sql"), *models(*LAYERS, "connectors")]
    found = {file.stem: {*orders(file.read_text(encoding="utf-8"))} for file in files}
    by_a_column = {name: {o for o in told if o[0] not in "({"} for name, told in found.items()}
    assert {name: told for name, told in by_a_column.items() if told} == TOLD_BY_A_COLUMN


def test_contracts_are_enforced_by_folder_on_what_comes_in_and_what_leaves() -> None:
    folders = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["models"]["ax_warehouse"]
    for layer in ("contracts", "published"):
        assert folders[layer]["+contract"] == {"enforced": True}
    loosened = [
        file.stem
        for file in models("contracts", "published")
        if "contract" in described()[file.stem].get("config", {})
    ]
    assert loosened == []


def test_every_column_of_contracts_marts_and_published_models_is_described() -> None:
    silent = [
        f"{file.stem}.{column['name']}"
        for file in models("contracts", "marts", "published")
        for column in described()[file.stem].get("columns", [])
        if not column.get("description")
    ]
    assert silent == []


def is_about_persons(file: Path) -> bool:
    """Tell whether a published model has rows about persons, with their key or without."""
    columns = {column["name"] for column in described()[file.stem]["columns"]}
    of_its_mart = {c["name"] for mart in refs(file) for c in described()[mart].get("columns", [])}
    has_key = "person_key" in columns or "pseudonym(" in file.read_text(encoding="utf-8")
    return has_key or "person_id" in of_its_mart


@pytest.mark.parametrize(
    "file", [f for f in models("published") if is_about_persons(f)], ids=lambda f: f.stem
)
def test_a_published_model_of_persons_has_one_purpose_and_asks_the_policy(file: Path) -> None:
    model, text = described()[file.stem], file.read_text(encoding="utf-8")
    purpose = model["config"]["meta"]["purpose"]
    asked = [test["purpose_holds"]["arguments"] for test in model["data_tests"]
             if "purpose_holds" in test]  # fmt: skip
    assert purpose in PURPOSES
    assert f"where {{{{ readable_by('{purpose}') }}}}" in text
    assert set(re.findall(r"""pseudonym\([^)]*'(\w+)'\)""", text)) <= {purpose}
    assert asked == [{"purpose": purpose}]


def test_some_published_model_is_about_persons() -> None:
    assert "pub_touchpoints" in {
        file.stem for file in filter(is_about_persons, models("published"))
    }


def test_policy_is_asked_where_rows_leave_and_nowhere_else() -> None:
    """It decides who reads, never who is who nor what is counted."""
    asks = ("ref('purpose_policy')", "readable_by(")
    texts = {file.stem: file.read_text() for file in models(*LAYERS, "connectors")}
    asking = {name for name, text in texts.items() if any(way in text for way in asks)}
    assert {name.split("_")[0] for name in asking} == {"pub"}
    with (PROJECT / "seeds" / "purpose_policy.csv").open(encoding="utf-8") as rows:
        assert {row["purpose"] for row in csv.DictReader(rows)} == set(PURPOSES)


@pytest.mark.parametrize("file", sorted((PROJECT / "seeds").glob("*.csv")), ids=lambda f: f.stem)
def test_a_registry_describes_every_column_and_tests_its_key(file: Path) -> None:
    seed = registries()[file.stem]
    header = file.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert {c["name"]: bool(c["description"]) for c in seed["columns"]} == dict.fromkeys(
        header, True
    )
    assert {"is_key", "one_row_per"} & set(checks_on(seed))


@pytest.mark.parametrize(
    ("room", "step"), [("identity", identity), ("labels", labels), ("redacted", redaction)]
)
def test_what_is_written_between_joins_the_lineage_without_a_map(
    room: str, step: ModuleType
) -> None:
    text = (MODELS / "_sources.yml").read_text(encoding="utf-8")
    known = {source["name"]: source["tables"] for source in yaml.safe_load(text)["sources"]}
    read = {table["name"] for table in known[room]}
    where = {"labels": "labelling/*.py", "redacted": "privacy/redaction*.py"}
    files = PROJECT.parent.glob(where.get(room, f"{room}/*.py"))
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    assert read == set(step.TABLES)
    assert set(re.findall(r"\bcontracts\.(\w+)", code)) == set(step.READS)


def test_behind_the_contracts_only_redaction_reads_what_was_written() -> None:
    """A model names no text, and no room but privacy/ asks the contract for one."""
    body = re.compile(r"\bbody\b")
    told = [
        file.stem
        for file in models("intermediate", "marts", "published")
        if body.search(file.read_text(encoding="utf-8"))
        or re.search(r"\bfeedback_turns\.\*", file.read_text(encoding="utf-8"))
    ]
    rooms = ("identity", "labelling", "quality", "orchestration", "dashboards", "privacy")
    code = [file for room in rooms for file in (PROJECT.parent / room).rglob("*.py")]
    asking = {f.parent.name for f in code if "contracts.feedback_turns" in f.read_text("utf-8")}
    assert (told, asking) == ([], {"privacy"})


def test_no_identifier_comes_out_of_identity() -> None:
    restricted = re.compile(r"\b(person|organisation)_identifiers\b")
    files = [file for room in ("models", "macros", "tests") for file in (PROJECT / room).rglob("*")]
    texts = [file for file in files if file.is_file() and file.suffix != ".pyc"]
    told = [file.name for file in texts if restricted.search(file.read_text())]
    assert [table for table in identity.TABLES if restricted.search(table)] + told == []
