"""Networks that decide the unknot: from a braid word to the log odds that its closure is a knot."""

from .feedforward import FeedForward
from .hashing import hashed_attention
from .transformer import Hashing, Transformer

__all__ = ["FeedForward", "Hashing", "Transformer", "hashed_attention"]
