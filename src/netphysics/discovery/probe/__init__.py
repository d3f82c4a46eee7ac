"""The probe: what the neurons of a trained SciNet mean, if they mean something."""

from .activity import Activity, activities
from .agreement import agreement, span
from .angles import lift, nearest_turn
from .dimension import intrinsic_dimension
from .intervention import QUANTILES, Intervention, intervene, parallel
from .knee import knee, largest_drop, left
from .naming import ACTIVE, VERDICTS, Name, matched, names
from .planes import Plane, bent_plane, plane
from .scores import SCORES, explained, explained_table, scores
from .spans import Spans, spans
from .symbolic import Expression, expression

__all__ = [
    "ACTIVE",
    "QUANTILES",
    "SCORES",
    "VERDICTS",
    "Activity",
    "Expression",
    "Intervention",
    "Name",
    "Plane",
    "Spans",
    "activities",
    "agreement",
    "bent_plane",
    "explained",
    "explained_table",
    "expression",
    "intervene",
    "intrinsic_dimension",
    "knee",
    "largest_drop",
    "left",
    "lift",
    "matched",
    "names",
    "nearest_turn",
    "parallel",
    "plane",
    "scores",
    "span",
    "spans",
]
