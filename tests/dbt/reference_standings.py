"""How everybody stood over each closed period, in plain Python (domain, section 4)."""

from datetime import date

import reference_commerce
import reference_fans
from reference_events import Event, House
from reference_lives import Lives
from reference_workforce import workforce


def standings(house: House, happened: list[Event], today: date) -> list[Event]:
    """Return every standing of the metrics over distinct persons."""
    lives = Lives(house, happened, today)
    found = list(workforce(house, happened, today))
    found.extend(reference_commerce.buyers(happened, today))
    found.extend(reference_commerce.active(lives))
    found.extend(reference_commerce.stayed(lives))
    found.extend(reference_fans.engaged(lives))
    found.extend(reference_fans.advocates(lives))
    found.extend(reference_fans.growing(lives))
    return found
