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
from netphysics.fields.interactions.indices import (
    multi_indices,
    pack,
    packed_positions,
    partition_sum,
    partitions,
    wick_sum,
)

__all__ = [
    "Connected",
    "Moments",
    "connected_from_moments",
    "connected_functions",
    "full_from_connected",
    "hidden_moments",
    "multi_indices",
    "pack",
    "packed_positions",
    "partition_sum",
    "partitions",
    "pooled_connected",
    "pooled_sums",
    "published_connected",
    "published_sums",
    "rao_blackwell_connected",
    "rao_blackwell_sums",
    "wick_sum",
]
