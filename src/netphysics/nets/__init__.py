"""Floor 1, networks: what an architecture is, how its weights are drawn, and what it does to inputs."""

from .activations import Activation, activation, leaky_relu
from .deferred import sampler
from .draws import normal
from .ensembles import batch_size, in_batches
from .initializations import draw_weights
from .mlp import draw, preactivations
from .net import Net, Spectrum

__all__ = [
    "Activation",
    "Net",
    "Spectrum",
    "activation",
    "batch_size",
    "draw",
    "draw_weights",
    "in_batches",
    "leaky_relu",
    "normal",
    "preactivations",
    "sampler",
]
