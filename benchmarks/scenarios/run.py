"""`ax run` on the default sandbox, first and with nothing new; and what Dagster has to load."""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.commands import AX, done
from benchmarks.scenario import Reach, Scenario, Timed

LIBRARIES = "import dagster, dlt, dbt.cli.main, great_expectations"
SELECTS_NOTHING = f"""
{LIBRARIES}
from dbt.cli.main import dbtRunner
ended = dbtRunner().invoke(["--quiet", "build", "--select", "tag:nobody_has_this_tag"])
raise SystemExit(0 if ended.success else str(ended.exception))
"""
DEFINITIONS = "from orchestration.definitions import defs; defs()"
# What they import, the rooms of the house included, and nothing built of it.
THEIR_IMPORTS = """
import orchestration.definitions, orchestration.jobs
from ingestion.connector import discover
discover()
"""


def first(folder: Path, _: int) -> Timed:
    """Make an empty folder; run in it as after the installation, when no bytecode is there yet."""
    house = folder / "first"
    shutil.rmtree(house, ignore_errors=True)
    compiled = tempfile.mkdtemp(prefix="bytecode-", dir=folder)
    return lambda: done([AX, "run"], house, PYTHONPYCACHEPREFIX=compiled)


def have_run(folder: Path, _: int) -> None:
    """Have a house with a publication, in which nothing is new."""
    if not (folder / "house").exists():
        done([AX, "run"], folder / "house")
    done([AX, "run"], folder / "house")  # bytecode is there, dbt's parse is kept


def again(folder: Path, _: int) -> Timed:
    """Run where nothing is new."""
    return lambda: done([AX, "run"], folder / "house")


def imports_and_dbt(folder: Path, _: int) -> Timed:
    """Import the four libraries and let dbt build nothing, on a parse that it keeps."""
    from orchestration.project import dbt_environment
    from orchestration.settings import read

    current = read({"AX_DATA_DIR": str(folder / "house")})
    target = folder / "dbt"
    if not target.exists():
        shutil.copytree(current.manifest.parent, target)
    environment = {
        **dbt_environment(current),
        "DBT_TARGET_PATH": str(target),
        "DBT_PROJECT_DIR": str(current.project),
        "DBT_PROFILES_DIR": str(current.project),
    }
    return lambda: done([sys.executable, "-c", SELECTS_NOTHING], folder / "house", **environment)


def definitions(folder: Path, _: int) -> Timed:
    """Load what Dagster loads, on a manifest that is parsed."""
    return lambda: done([sys.executable, "-c", DEFINITIONS], folder / "house")


def their_imports(folder: Path, _: int) -> Timed:
    """Import what the definitions import."""
    return lambda: done([sys.executable, "-c", THEIR_IMPORTS], folder / "house")


SCENARIOS = [
    Scenario(
        name="run_first",
        does="`ax run` on the default sandbox, first time after the installation",
        ours=first,
        reach=Reach(90, "seconds"),
    ),
    Scenario(
        name="run_nothing_new",
        does="`ax run` on the default sandbox, nothing new",
        beside="Dagster, dlt, dbt and Great Expectations imported, and a `dbt build` that selects "
        "nothing, in one process",
        ours=again,
        yardstick=imports_and_dbt,
        reach=Reach(1.5),
        prepare=have_run,
    ),
    Scenario(
        name="definitions",
        does="Dagster loads the definitions, dbt's manifest being parsed",
        beside="what they import is imported, nothing is built of it",
        ours=definitions,
        yardstick=their_imports,
        reach=Reach(1.2),
        prepare=have_run,
    ),
]
