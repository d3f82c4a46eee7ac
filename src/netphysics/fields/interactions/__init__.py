"""Networks with one hidden layer as interacting field theories, exact at every width."""

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
    "Moments",
    "hidden_moments",
    "multi_indices",
    "pack",
    "packed_positions",
    "partition_sum",
    "partitions",
    "wick_sum",
]
