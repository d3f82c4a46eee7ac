"""Phase space of n particles: events flat in it, the sphere that it is, its volumes and laws, and signals."""

from .decays import Resonance, lossy_event, resonance_event
from .four_vectors import boost, boost_matrix, dot, pair_invariants, velocity_of
from .marginals import Marginal, marginals, pair_mass_squared
from .massive import momentum_scale, with_masses
from .massless import (
    conformal,
    conserve,
    event_of_frame,
    frame_event,
    frame_of_spinors,
    free_momenta,
    rambo_event,
    release,
)
from .polygons import mean_square_chord, polygon
from .sampling import Sample, event, sample, sample_blocks, unweighted
from .space import PhaseSpace
from .sphere import from_sphere, parity_twin, parity_twin_bound, relative_basis, simplex_and_sphere, to_sphere
from .volumes import massless_volume, measured_volume, volume

__all__ = [
    "Marginal",
    "PhaseSpace",
    "Resonance",
    "Sample",
    "boost",
    "boost_matrix",
    "conformal",
    "conserve",
    "dot",
    "event",
    "event_of_frame",
    "frame_event",
    "frame_of_spinors",
    "free_momenta",
    "from_sphere",
    "lossy_event",
    "marginals",
    "massless_volume",
    "mean_square_chord",
    "measured_volume",
    "momentum_scale",
    "pair_invariants",
    "pair_mass_squared",
    "parity_twin",
    "parity_twin_bound",
    "polygon",
    "rambo_event",
    "relative_basis",
    "release",
    "resonance_event",
    "sample",
    "sample_blocks",
    "simplex_and_sphere",
    "to_sphere",
    "unweighted",
    "velocity_of",
    "volume",
    "with_masses",
]
