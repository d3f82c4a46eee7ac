"""Many inputs at first order in 1/width: signals, tangent kernels and their derivatives."""

from .pair_moments import PairMoments
from .recursion import Neurons, first_order, hidden_neurons
from .tensors import Descendants, FirstOrder, Fluctuations

__all__ = ["Descendants", "FirstOrder", "Fluctuations", "Neurons", "PairMoments", "first_order", "hidden_neurons"]
