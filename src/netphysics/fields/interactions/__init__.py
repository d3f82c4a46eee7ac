"""Networks with one hidden layer as interacting field theories, exact at every width."""

from netphysics.fields.interactions.correlators import (
    Connected,
    connected_four,
    connected_from_moments,
    connected_functions,
    full_from_connected,
)
from netphysics.fields.interactions.diagrams import Channel, Diagram, Vertex
from netphysics.fields.interactions.drawing import draw
from netphysics.fields.interactions.effective_action import (
    KAPPA,
    MODELS,
    Coupling,
    Fit,
    Response,
    exact_vertex,
    least_squares,
    minimum_norm,
    multiplicities,
    response,
    six_point_without_sextic,
    unexplained,
)
from netphysics.fields.interactions.estimators import (
    pooled_connected,
    pooled_sums,
    published_connected,
    published_sums,
    rao_blackwell_connected,
    rao_blackwell_sums,
)
from netphysics.fields.interactions.feynman_integrals import Integral, evaluate
from netphysics.fields.interactions.feynman_rules import expression
from netphysics.fields.interactions.hidden_moments import Moments, hidden_moments
from netphysics.fields.interactions.noise import published_noise
from netphysics.fields.interactions.renormalization import (
    Predictions,
    Running,
    predicted_slope,
    predictions,
    running,
)
from netphysics.fields.interactions.wick import contract, expand

__all__ = [
    "KAPPA",
    "MODELS",
    "Channel",
    "Connected",
    "Coupling",
    "Diagram",
    "Fit",
    "Integral",
    "Moments",
    "Predictions",
    "Response",
    "Running",
    "Vertex",
    "connected_four",
    "connected_from_moments",
    "connected_functions",
    "contract",
    "draw",
    "evaluate",
    "exact_vertex",
    "expand",
    "expression",
    "full_from_connected",
    "hidden_moments",
    "least_squares",
    "minimum_norm",
    "multiplicities",
    "pooled_connected",
    "pooled_sums",
    "predicted_slope",
    "predictions",
    "published_connected",
    "published_noise",
    "published_sums",
    "rao_blackwell_connected",
    "rao_blackwell_sums",
    "response",
    "running",
    "six_point_without_sextic",
    "unexplained",
]
