"""The probe: what the neurons of a trained SciNet mean, if they mean something."""

from .activity import Activity, activities
from .angles import lift, nearest_turn
from .knee import knee
from .naming import ACTIVE, Name, matched, names
from .planes import Plane, bent_plane, plane
from .scores import explained, explained_table
from .symbolic import Expression, expression

__all__ = [
    "ACTIVE",
    "Activity",
    "Expression",
    "Name",
    "Plane",
    "activities",
    "bent_plane",
    "explained",
    "explained_table",
    "expression",
    "knee",
    "lift",
    "matched",
    "names",
    "nearest_turn",
    "plane",
]
