"""Where the warehouse lies and how it is opened: in one DuckDB file, or in a lake;
and where dbt builds, if not in it.

Whichever it is, a connection that was opened here shows the same schemas under the same names.
"""

from storage.cluster import Cluster
from storage.lake import NAME, Lake
from storage.opening import Warehouse, attach, has, opened
from storage.turns import turn

__all__ = ["NAME", "Cluster", "Lake", "Warehouse", "attach", "has", "opened", "turn"]
