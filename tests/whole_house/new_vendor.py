"""A vendor that nobody has yet: what `ax source new` writes, and one word in the switchboard."""

import shutil
import subprocess
from pathlib import Path

from orchestration.commands.source import write

ROOT = Path(__file__).resolve().parents[2]


def copy_of_the_checkout(root: Path) -> Path:
    """Copy what git tracks, as it stands, and what it would track."""
    told = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(told, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for file in files.split():
        if (ROOT / file).is_file():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, root / file)
    return root


def with_a_new_vendor(root: Path) -> Path:
    """Copy the checkout to a folder and add a box office to it."""
    copy_of_the_checkout(root)
    write(root, "boxoffice", "Box office")
    switchboard = root / "dbt_project" / "dbt_project.yml"
    written = switchboard.read_text()
    assert "crm: [hubspot]" in written
    switchboard.write_text(written.replace("crm: [hubspot]", "crm: [hubspot, boxoffice]"))
    return root
