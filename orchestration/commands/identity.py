"""`ax identity`: who is who, in the warehouse and on a plain table."""

import time
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands import review
from orchestration.terminal import console, say

app = typer.Typer(help="Who is who.", no_args_is_help=True, rich_markup_mode=None)
for name, command in review.COMMANDS.items():
    app.command(name)(command)


@app.command()
def link(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet, a record a row.")],
    config: Annotated[Path, typer.Option("--config", help="YAML: what the columns are.")],
    out: Annotated[Path, typer.Option("--out", help="CSV or Parquet, by its ending.")],
) -> None:
    """Give each record of a table a person, and say which link brought it there.

    Writes record_id, person_id, linked_to, evidence and probability. A config:

    \b
        record: id                  # the column that names a record
        source: system              # the column that says where it is from (optional)
        one_row_a_person: [crm]     # sources that hold nobody twice, or: all (optional)
        country: GB                 # of phone numbers without +.. (optional)
        columns:
          first_name: given_name
          last_name: family_name
          born: birth_date
          mail: email
          member_no: strong_id
          notes: ignore

    Kinds: given_name, family_name, name, birth_date, email, phone, number, street,
    house_number, locality, city, postcode, region, category; strong_id (equal links, different
    keeps apart), ignore. See docs/identity-link.md.
    """
    start = time.monotonic()
    from identity import table

    account = table.link(file, table.read_config(config), out, _note)
    seconds = time.monotonic() - start
    spent = ", ".join(f"{stage} {taken:.1f} s" for stage, taken in account.seconds.items())
    say(
        f"{account.records:,} records are {account.persons:,} persons, the largest with "
        f"{account.largest:,} records, in {seconds:.1f} s"
    )
    say(f"of which {spent}")


def _note(text: str) -> None:
    """Say on stderr what takes long or was set aside, which is no error."""
    console(error=True).print(text, markup=False, highlight=False, soft_wrap=True)
