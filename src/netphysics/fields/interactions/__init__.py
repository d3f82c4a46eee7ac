"""Networks with one hidden layer as interacting field theories, exact at every width."""

from netphysics.fields.interactions.correlators import (
    Connected,
    connected_from_moments,
    connected_functions,
    full_from_connected,
)
from netphysics.fields.interactions.estimators import (
    pooled_connected,
    pooled_sums,
    published_connected,
    published_sums,
    rao_blackwell_connected,
    rao_blackwell_sums,
)
from netphysics.fields.interactions.hidden_moments import Moments, hidden_moments

__all__ = [
    "Connected",
    "Moments",
    "connected_from_moments",
    "connected_functions",
    "full_from_connected",
    "hidden_moments",
    "pooled_connected",
    "pooled_sums",
    "published_connected",
    "published_sums",
    "rao_blackwell_connected",
    "rao_blackwell_sums",
]
