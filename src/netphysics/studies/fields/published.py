"""Networks and inputs of arXiv:2008.08601 (Halverson, Maiti, Stoner), which several studies take up."""

from __future__ import annotations

import numpy as np

PAPER = "arXiv:2008.08601"
# sigma_b of both layers. The paper has 1 for the Gauss-net, whose tails no affordable ensemble sees then.
BIAS_STD = {"erf": 1.0, "gauss": 0.3, "relu": 0.0}
LINE = np.array([[-1.0], [-0.6], [-0.2], [0.2], [0.6], [1.0]])
SQUARE = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
CUBE = np.array([[-1.0, -1.0, -1.0], [1.0, 1.0, -1.0], [-1.0, 1.0, 1.0], [1.0, -1.0, 1.0]])
# Six points on a ray from zero, on which a relu network without biases is linear.
RAY = 0.5 * LINE + 0.7
# The paper moves the points to where each kernel is interesting.
PAPER_POINTS = {"erf": LINE, "gauss": 0.01 * LINE, "relu": RAY}
PAPER_GRID = {"erf": SQUARE, "gauss": 0.01 * SQUARE, "relu": 0.25 * SQUARE + 0.75}


def cell_name(label: str) -> str:
    """The name of a cell for a label in words, such as `relu, with bias`."""
    return label.replace(", ", "-").replace(" ", "-")
