"""Who may hold what: the classes of columns, schema restricted, and the one door to it."""

import re
from pathlib import Path

import pytest

from tests.column_classes import CLASSES, MODELS, folders, listed

ROOT = MODELS.parents[1]
REF = re.compile(r"""\b(?:ref|source)\(\s*['"](\w+)['"](?:\s*,\s*['"](\w+)['"])?\s*\)""")
BEHIND_IDENTITY = ("intermediate", "marts", "restricted", "published")
NEVER_BEHIND_IDENTITY = {"direct_identifier", "free_text"}
ROOMS = (
    "identity",
    "labelling",
    "quality",
    "orchestration",
    "dashboards",
    "benchmarks",
    "ingestion",
)


def test_every_listed_column_has_one_class_and_a_description() -> None:
    wrong = [
        f"{model}.{name}: {column.name}"
        for model, columns in listed().items()
        for name, column in columns.items()
        if column.name not in CLASSES or not (column.description or "").strip("?")
    ]
    assert wrong == []
    assert len(listed()) == len(folders())


def test_every_class_is_in_use() -> None:
    used = {column.name for columns in listed().values() for column in columns.values()}
    assert used == set(CLASSES)


def test_only_none_and_declared_quasi_identifiers_leave() -> None:
    leaving = {
        f"{model}.{name}": column
        for model, columns in listed().items()
        if folders()[model] == "published"
        for name, column in columns.items()
        if column.name != "none"
    }
    undeclared = [name for name, c in leaving.items() if c.name != "quasi_identifier" or not c.why]
    assert undeclared == []
    assert "pub_touchpoints.person_key" in leaving


@pytest.mark.parametrize("folder", BEHIND_IDENTITY)
def test_no_identifier_and_no_free_text_stands_behind_identity_but_restricted(folder: str) -> None:
    found = {
        f"{model}.{name}"
        for model, columns in listed().items()
        if folders()[model] == folder
        for name, column in columns.items()
        if column.name in NEVER_BEHIND_IDENTITY
    }
    restricted = {f"restricted_persons.{name}" for name in ("display_name", "email", "phone")}
    may = restricted if folder == "restricted" else set()
    assert found == may


def test_a_column_is_of_one_class_wherever_it_is_passed_on_by_its_name() -> None:
    """An identifier does not become harmless because the next model calls it so."""
    direct = {"first_name", "last_name", "full_name", "display_name", "email", "phone"}
    softened = [
        f"{model}.{name}"
        for model, columns in listed().items()
        for name, column in columns.items()
        if name in direct and column.name != "direct_identifier"
    ]
    assert softened == []


def reads(file: Path) -> set[str]:
    return {last or first for first, last in REF.findall(file.read_text(encoding="utf-8"))}


def test_nothing_reads_the_restricted_schema_but_the_door() -> None:
    models = {
        file.stem: reads(file) for file in MODELS.rglob("*") if file.suffix in (".sql", ".py")
    }
    of_contacts = {name for name, read in models.items() if "contacts" in read and "__" not in name}
    of_restricted = {name for name, read in models.items() if "restricted_persons" in read}
    assert of_contacts == {"restricted_persons"}
    assert of_restricted == set()

    word = re.compile(r"\brestricted\b[._]|identity\.contacts\b")
    code = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    knowing = {str(f.relative_to(ROOT)) for f in code if word.search(f.read_text(encoding="utf-8"))}
    assert knowing == {"orchestration/contacts.py", "identity/outputs.py", "identity/subjects.py"}
    semantic = [f.name for f in (MODELS / "semantic").rglob("*.yml") if word.search(f.read_text())]
    assert semantic == []


def test_row_level_models_that_sell_leave_out_who_is_not_to_be_converted() -> None:
    """Every model of folder commerce with a person in a row, and whatever says that it sells."""
    text = {file.stem: file for file in MODELS.rglob("*.sql")}
    sells = {name for name, file in text.items()
             if "sells: true" in yaml_of(file) or (file.parent.name in ("commerce", "leads", "queue")
             and folders()[name] == "marts" and "person_id" in listed()[name])}  # fmt: skip
    asks = {
        name
        for name in sells
        if reads(text[name]) & {"int_person_consents", "dim_person_contactability"}
    }
    assert sells == asks
    assert "fct_rfm" in sells


def yaml_of(file: Path) -> str:
    beside = file.with_suffix(".yml")
    return beside.read_text(encoding="utf-8") if beside.exists() else ""
