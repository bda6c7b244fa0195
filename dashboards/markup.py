"""How a template becomes a page: names are data, so all is escaped; a missing name is an error."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboards.figures import cut, figure


@cache
def environment() -> Environment:
    """Return the room in which every page is written."""
    room = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.filters |= {"share": lambda share: figure(share, "share"), "short": cut}
    return room
