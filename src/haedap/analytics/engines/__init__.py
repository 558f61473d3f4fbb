"""Where figures are counted: the live database, archives by DuckDB, archives by Spark. One expression for all of them.

Nothing is opened before it is asked for, and DuckDB and Spark are loaded only by who uses them.
"""

from haedap.analytics.engines.asking import Ask, Engine, Row, midnight
from haedap.analytics.engines.duck import Archive
from haedap.analytics.engines.live import Live
from haedap.analytics.engines.spark import Spark

__all__ = ["Archive", "Ask", "Engine", "Live", "Row", "Spark", "midnight"]
