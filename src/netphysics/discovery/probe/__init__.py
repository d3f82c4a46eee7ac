"""The probe: what the neurons of a trained SciNet mean, if they mean something."""

from .activity import Activity, activities
from .knee import knee
from .naming import ACTIVE, Name, matched, names
from .scores import explained, explained_table
from .symbolic import Expression, expression

__all__ = [
    "ACTIVE",
    "Activity",
    "Expression",
    "Name",
    "activities",
    "explained",
    "explained_table",
    "expression",
    "knee",
    "matched",
    "names",
]
