"""The probe: what the neurons of a trained SciNet mean, if they mean something."""

from .activity import Activity, activities
from .agreement import agreement, span
from .dimension import intrinsic_dimension
from .intervention import QUANTILES, Intervention, intervene, parallel
from .knee import knee, largest_drop, left, needed
from .naming import ACTIVE, VERDICTS, Name, matched, names
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
    "Spans",
    "activities",
    "agreement",
    "explained",
    "explained_table",
    "expression",
    "intervene",
    "intrinsic_dimension",
    "knee",
    "largest_drop",
    "left",
    "matched",
    "names",
    "needed",
    "parallel",
    "scores",
    "span",
    "spans",
]
