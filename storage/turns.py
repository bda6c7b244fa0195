"""Whose turn it is to write into a lake: one writer at a time, anywhere; readers never wait.

DuckLake would let transactions commit at once and repeat the one that comes second. In 1.5.5 that
goes wrong: a table that is made meanwhile may end up in another schema, and what the catalog says
of a column's bounds may miss rows that are there (duckdb/ducklake, issues 1094, 1248, 1404). So a
writer waits for its turn, a lock in the catalog's PostgreSQL; a writer that dies frees it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from storage.errors import NoCatalog
from storage.lake import Lake, last_words, load_extensions
from storage.opening import Warehouse

# Of the advisory lock: any number that nobody else takes in the same database.
LOCK = 627_315_488
_MINE = threading.RLock()
_HELD: set[Lake] = set()  # by the thread that has `_MINE`


@contextmanager
def turn(warehouse: Warehouse) -> Iterator[None]:
    """Be the only one who writes into a lake; a file has a lock of its own.

    Within a turn another one is had for nothing; threads of a process wait for each other.
    """
    if not isinstance(warehouse, Lake):
        yield
        return
    with _MINE:
        if warehouse in _HELD:
            yield
            return
        with _waited_for(warehouse):
            _HELD.add(warehouse)
            try:
                yield
            finally:
                _HELD.discard(warehouse)


@contextmanager
def _waited_for(lake: Lake) -> Iterator[None]:
    with duckdb.connect() as db:
        load_extensions(db)
        try:
            db.execute(f"attach {lake.address} as turns (type postgres)")
            db.begin()  # the lock lasts as long as the transaction
            db.execute(f"call postgres_execute('turns', 'select pg_advisory_xact_lock({LOCK})')")
        except duckdb.Error as failure:
            raise NoCatalog(lake.catalog, last_words(failure)) from failure
        yield
