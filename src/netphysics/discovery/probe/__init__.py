"""The probe: what the neurons of a trained SciNet mean, if they mean something."""

from .activity import Activity, activities
from .agreement import agreement, span
from .angles import unwrap_angles, unwrap_towards
from .dimension import intrinsic_dimension
from .intervention import QUANTILES, Intervention, cosine, intervene
from .knee import knee, needed, remaining_error, steepest_drop
from .naming import ACTIVE, VERDICTS, NeuronName, matched, name_neurons, rivals
from .number import LatentNumber, latent_number
from .planes import Plane, bent_plane, plane
from .scores import SCORES, explained, explained_table, scores
from .shape import few_values, ring_angle
from .spans import Spans, spans
from .substitution import substitution
from .symbolic import Expression, expression

__all__ = [
    "ACTIVE",
    "QUANTILES",
    "SCORES",
    "VERDICTS",
    "Activity",
    "Expression",
    "Intervention",
    "LatentNumber",
    "NeuronName",
    "Plane",
    "Spans",
    "activities",
    "agreement",
    "bent_plane",
    "cosine",
    "explained",
    "explained_table",
    "expression",
    "few_values",
    "intervene",
    "intrinsic_dimension",
    "knee",
    "latent_number",
    "matched",
    "name_neurons",
    "needed",
    "plane",
    "remaining_error",
    "ring_angle",
    "rivals",
    "scores",
    "span",
    "spans",
    "steepest_drop",
    "substitution",
    "unwrap_angles",
    "unwrap_towards",
]
