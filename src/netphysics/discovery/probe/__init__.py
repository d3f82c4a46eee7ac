"""The probe: what the neurons of a trained SciNet mean, if they mean something."""

from .activity import Activity, activities
from .naming import Name, matched, names
from .scores import explained, explained_table

__all__ = ["Activity", "Name", "activities", "explained", "explained_table", "matched", "names"]
