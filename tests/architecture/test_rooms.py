"""Who may import whom, and how long a file may be: the plan of the house, enforced."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "storage", "ingestion", "identity", "labelling", "privacy", "quality", "orchestration", "dashboards",
    "benchmarks", "translation",
)  # fmt: skip
TOOLS = {"dagster", "dagster_dbt", "dbt", "dlt", "great_expectations", "splink"}
# What a room may use of the other rooms and of the big tools; smaller libraries are free.
MAY_IMPORT = {
    # Where the warehouse lies; every room that opens it may ask.
    "storage": {"dbt"},
    "ingestion": {"dlt", "storage"},
    "identity": {"splink", "storage"},
    "labelling": {"storage"},
    # It knows whose a raw row is as connectors declare it, who is who as identity says, and the
    # languages that labels know.
    "privacy": {"ingestion", "identity", "labelling", "storage"},
    "quality": {"great_expectations", "storage"},
    "orchestration": {"dagster", "dagster_dbt", "dbt", "dlt", *ROOMS},
    "dashboards": set(),
    "translation": set(),
    "benchmarks": {*TOOLS, *ROOMS},
}
READS_ENVIRONMENT = {
    "orchestration/settings.py",
    "ingestion/pipeline.py",
    # Looks for what must never be written down, and for nothing else.
    "ingestion/secrets.py",
    # Hands the whole environment on to dbt without reading any of it.
    "orchestration/project.py",
}


def python_files(*rooms: str) -> list[Path]:
    return sorted(file for room in rooms for file in (ROOT / room).rglob("*.py"))


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    watched = (TOOLS | set(ROOMS)) - MAY_IMPORT[room] - {room}
    offences = {
        str(file.relative_to(ROOT)): sorted(found)
        for file in python_files(room)
        if (found := imported(file) & watched)
    }
    assert offences == {}


@pytest.mark.parametrize(("tool", "module"), [("dagster_dbt", "dbt_bridge.py"), ("dbt", "dbt.py")])
def test_only_one_module_of_orchestration_imports_what_takes_seconds(
    tool: str, module: str
) -> None:
    importers = [f.name for f in python_files("orchestration") if tool in imported(f)]
    assert importers == [module]


def test_only_settings_and_pipeline_look_at_the_environment() -> None:
    readers = {
        str(file.relative_to(ROOT))
        for file in python_files(*set(ROOMS) - {"benchmarks"})
        if any(way in file.read_text() for way in ("os.environ", "os.getenv"))
    }
    assert readers <= READS_ENVIRONMENT


@pytest.mark.parametrize("file", python_files(*ROOMS, "tests"), ids=lambda f: f.name)
def test_no_file_is_longer_than_400_lines(file: Path) -> None:
    assert len(file.read_text().splitlines()) < 400


def test_every_module_is_named_after_what_it_does() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [str(file) for file in python_files(*ROOMS, "tests") if file.stem in vague] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files(*ROOMS)
        if file.read_text() and not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert silent == []


def test_what_dagster_loads_holds_nothing_but_the_definitions() -> None:
    body = ast.parse((ROOT / "orchestration" / "definitions.py").read_text()).body
    functions = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    others = [n for n in body if not isinstance(n, ast.FunctionDef | ast.Import | ast.ImportFrom)]
    assert functions == ["defs"]
    assert len(others) == 1, "only the docstring stands beside it"


def test_nothing_registers_itself_in_a_list() -> None:
    """A vendor's name stands in its own folders, its tests and the switchboard, nowhere else."""
    vendors = [f.name for f in (ROOT / "ingestion" / "connectors").iterdir() if f.is_dir()]
    named = {
        f"{file.relative_to(ROOT)}: {vendor}"
        for file in python_files("orchestration", "quality", "dashboards")
        for vendor in vendors
        if vendor not in ("files", "__pycache__") and _names(file.read_text().lower(), vendor)
    }
    assert named == set()


def _names(text: str, vendor: str) -> bool:
    """Whether a text names a vendor; SQL is a language too, so that one counts in quotes alone."""
    return any(f"{quote}{vendor}{quote}" in text for quote in "\"'") or (
        vendor != "sql" and vendor in text
    )
