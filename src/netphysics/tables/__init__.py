"""Floor 2, tables: numbers as people keep them: read, checked, and chosen from by column."""

from .reading import read_table
from .table import Table, numbers, select

__all__ = ["Table", "numbers", "read_table", "select"]
