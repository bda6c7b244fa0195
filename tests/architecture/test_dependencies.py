"""What this project is built on: locked by hash, and under licences that Apache-2.0 work may use."""

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from orchestration.settings import ROOT

LOCK = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
OURS = "ax-warehouse"
# Each may be used by Apache-2.0 work that is handed on; MPL-2.0 binds changes to its own files.
FREE = re.compile(
    r"^(Apache.*|MIT.*|BSD.*|[23]-Clause BSD.*|0BSD|ISC.*|PSF.*|Python Software Foundation.*|MPL.*"
    r"|Mozilla Public License 2\.0.*|.*Unlicense.*|Zlib|CC0-1\.0|AFL-2\.1)$"
)
# {package: (a word of what it declares, why it may be used)}
JUDGED = {
    "text-unidecode": (
        "Artistic",
        "GPL or Artistic at our choice; the Artistic License lets an unchanged copy be used",
    ),
    "psycopg2-binary": (
        "LGPL",
        "an unchanged library that dlt calls, in the extra `publish` alone; the LGPL lets works of"
        " any licence do so",
    ),
}


def runtime() -> set[str]:
    """Return the names of all that an installation of this project without its tools brings."""
    of = {package["name"]: package for package in LOCK}
    found: set[str] = set()
    waiting = [OURS, *_optional(of[OURS])]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [needed["name"] for needed in of[name].get("dependencies", [])]
    return found - {OURS}


def _optional(package: dict[str, Any]) -> Iterator[str]:
    for needed in package.get("optional-dependencies", {}).values():
        yield from (one["name"] for one in needed)


def declared(name: str) -> str | None:
    """Return the licence that an installed package declares; None where it is for other systems."""
    try:
        facts = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    expression = facts.get("License-Expression")
    classes = [c.split(" :: ")[-1] for c in facts.get_all("Classifier", []) if "License ::" in c]
    return expression or " AND ".join(classes) or (facts.get("License") or "none").split("\n")[0]


def may_be_used(licence: str) -> bool:
    """Say whether at least one alternative of an expression consists of free licences alone."""
    plain = licence.replace("(MPL 2.0)", "").replace("(ISCL)", "").replace("(Unlicense)", "")
    if "(" in plain and " AND " in plain:
        return all(may_be_used(part.strip(" ()")) for part in plain.split(" AND "))
    return any(
        all(FREE.match(part.strip(" ()")) for part in either.split(" AND "))
        for either in plain.split(" OR ")
    )


def test_every_file_that_is_installed_is_locked_by_its_hash() -> None:
    registered = [package for package in LOCK if "registry" in package["source"]]
    assert len(registered) == len(LOCK) - 1, "something comes from elsewhere than a registry"
    for package in registered:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert files, package["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), package["name"]


def test_every_dependency_may_be_used_by_apache_licensed_work() -> None:
    needed = runtime()
    assert len(needed) > 100
    wrong = {
        name: licence
        for name in needed
        if (licence := declared(name)) and name not in JUDGED and not may_be_used(licence)
    }
    assert wrong == {}, "judge it, and write the reason into JUDGED, or take another package"


def test_an_exception_is_made_only_for_the_licence_that_was_judged() -> None:
    for name, (word, _) in JUDGED.items():
        assert word in (declared(name) or ""), name
        assert not may_be_used(declared(name) or "")


def test_a_licence_that_binds_our_own_code_is_not_free() -> None:
    for licence in (
        "GPL-3.0-only",
        "AGPL-3.0-or-later",
        "MIT AND GPL-2.0-only",
        "Proprietary",
        "none",
    ):
        assert not may_be_used(licence)
    assert may_be_used("MIT OR GPL-2.0-only")
    assert may_be_used("MPL-2.0 AND (Apache-2.0 OR MIT)")
