"""Floor 2, tables: numbers as people keep them: read, checked, and chosen from by column."""

from .reading import read_table
from .table import Table, numbers, select
from .units import Unit, bare_name, parse_unit, unit_of, unknown_unit

__all__ = [
    "Table",
    "Unit",
    "bare_name",
    "numbers",
    "parse_unit",
    "read_table",
    "select",
    "unit_of",
    "unknown_unit",
]
