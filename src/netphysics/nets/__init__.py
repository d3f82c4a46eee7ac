"""Networks at initialization: one description, and samples with and without weight matrices."""

from netphysics.nets.activations import Activation, activation, leaky_relu
from netphysics.nets.convolutional import ConvolutionalNet
from netphysics.nets.deferred import batch_size, sampler
from netphysics.nets.deferred_tangents import tangent_forms, tangent_sampler
from netphysics.nets.draws import normal, random_words, split
from netphysics.nets.ensembles import in_batches
from netphysics.nets.initializations import draw_weights
from netphysics.nets.learning_rates import LearningRates
from netphysics.nets.mlp import draw, preactivations
from netphysics.nets.named_initializations import how_drawn, named_law
from netphysics.nets.net import GivensProduct, HouseholderProduct, Net, Spectrum
from netphysics.nets.residual import ResidualNet
from netphysics.nets.stacks import Stack, draw_stack
from netphysics.nets.tangent_kernel import tangent_kernel

__all__ = [
    "Activation",
    "ConvolutionalNet",
    "GivensProduct",
    "HouseholderProduct",
    "LearningRates",
    "Net",
    "ResidualNet",
    "Spectrum",
    "Stack",
    "activation",
    "batch_size",
    "draw",
    "draw_stack",
    "draw_weights",
    "how_drawn",
    "in_batches",
    "leaky_relu",
    "named_law",
    "normal",
    "preactivations",
    "random_words",
    "sampler",
    "split",
    "tangent_forms",
    "tangent_kernel",
    "tangent_sampler",
]
