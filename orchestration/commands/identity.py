"""`ax identity`: who is who."""

import typer

from orchestration.commands import review

app = typer.Typer(help="Who is who.", no_args_is_help=True, rich_markup_mode=None)
for name, command in review.COMMANDS.items():
    app.command(name)(command)
