"""A vendor that does not stand still: its clock goes on between two answers of one page walk."""

import importlib
import pkgutil
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pandas as pd
from starlette.types import ASGIApp, Receive, Scope, Send

from ingestion.sandbox.world import World

SMALL_PAGE = 7


def on_ticks(world: World, tick: timedelta) -> World:
    """Return the world with every change put off to the next tick, so that many share one.

    What a vendor showed late, or later than another change, it shows as late after its tick.
    """
    return World(
        {name: _on_ticks(versions, tick) for name, versions in world.tables.items()},
        world.truth,
        world.horizon,
    )


def _on_ticks(versions: pd.DataFrame, tick: timedelta) -> pd.DataFrame:
    times = [
        name for name, kind in versions.dtypes.items()
        if isinstance(kind, pd.DatetimeTZDtype) and name != "visible_from"
    ]  # fmt: skip
    shown, ticked = versions["visible_from"], versions[times].apply(lambda c: c.dt.ceil(tick))
    past = versions[times].where(versions[times].le(shown, axis=0))
    changed = past.max(axis=1).fillna(shown) if times else shown
    late = shown - changed
    return (
        versions.assign(**{name: ticked[name] for name in times})
        .assign(visible_from=changed.dt.ceil(tick) + late)
        .sort_values("visible_from", kind="stable")
        .reset_index(drop=True)
    )


@dataclass
class Walk:
    """Serve `app` of `world`; after an answer the clock may go on, to about the next tick."""

    world: World
    now: datetime
    until: datetime
    tick: timedelta
    draws: random.Random
    app: ASGIApp | None = None
    # How often the clock may go on while the vendor is read.
    moves: int = 0
    seen: dict[datetime, dict[str, pd.DataFrame]] = field(default_factory=dict)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return what the vendor holds now, as one object while its clock stands."""
        if self.now not in self.seen:
            self.seen = {self.now: self.world.at(self.now)}
        return self.seen[self.now]

    def go_on(self) -> None:
        """Move the clock to just before, onto or after a tick."""
        step = self.draws.choice([0, 0, 0, 1]) * self.tick
        onto = pd.Timestamp(self.now).ceil(self.tick).to_pydatetime() + step
        beside = timedelta(seconds=self.draws.choice([-1800, -1, -1, 0, 1, 2400]))
        self.now = min(max(self.now, onto + beside), self.until)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)
        if self.moves and self.draws.random() < 0.2:
            self.moves -= 1
            self.go_on()


def constants(vendor: str, wanted: Callable[[str, Any], bool]) -> list[tuple[ModuleType, str]]:
    """Return the constants of a connector, emulator and wire apart, of a wanted name and value."""
    package = importlib.import_module(f"ingestion.connectors.{vendor}")
    names = [each.name for each in pkgutil.iter_modules(package.__path__)]
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return [
        (module, name)
        for module in modules
        if not module.__name__.endswith(("emulator", "wire"))
        for name, value in vars(module).items()
        if name.isupper() and wanted(name, value)
    ]


def is_page_size(name: str, value: Any) -> bool:
    """Return whether a constant says how many rows are asked for at once."""
    return isinstance(value, int) and "PAGE" in name and name != "LAST_PAGE"
