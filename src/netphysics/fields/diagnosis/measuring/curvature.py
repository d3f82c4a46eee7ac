r"""The largest learning rates, from products with the model's own Jacobian J of all outputs z on the batch.

Near the start a loss curves as its Gauss-Newton matrix does. Of k samples with c outputs that is $2 J^TJ/(kc)$ for the
mean squared error as PyTorch defines it, and $J^T S J/k$ for cross entropy, $S = \mathrm{diag}(p) - pp^T$ by sample.
Gradient descent with momentum β diverges above the rate $2(1+\beta)/\lambda_{max}$, plain one above $2/\lambda_{max}$.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import softmax

Outputs = Float[np.ndarray, "samples outputs"]
# (J J^T) w, for w of the shape of the outputs.
KernelProduct = Callable[[Outputs], Outputs]
# An eigenvalue is taken when a step changes it by less than this part, or after so many steps.
ACCURACY, STEPS = 1e-2, 16
# Signals that explode have no learning rate.
LARGEST = 1e100


@dataclass(frozen=True)
class Curvature:
    """Largest eigenvalues of the Gauss-Newton matrix on a batch.

    Attributes:
        squared: for the mean squared error, the mean over samples and outputs.
        cross_entropy: for the mean cross entropy; None for a single output.
    """

    squared: float
    cross_entropy: float | None

    def ceilings(self, momentum: float) -> dict[str, float]:
        """The largest stable rates of gradient descent, plain and with momentum, by loss."""
        losses = [("squared errors", self.squared), ("cross entropy", self.cross_entropy)]
        return {
            name + (f", momentum {beta:g}" if beta else ""): 2 * (1 + beta) / eigenvalue
            for name, eigenvalue in losses
            if eigenvalue is not None
            for beta in (0.0, momentum)
        }


def curvature(outputs: Outputs, product: KernelProduct) -> Curvature | None:
    """Both eigenvalues; None where the outputs do not depend on the parameters, and where anything is not finite."""
    samples, count = outputs.shape
    if not np.max(np.abs(outputs)) < LARGEST:
        return None
    squared = largest(lambda w: product(w) * (2 / (samples * count)), outputs.shape)
    if squared is None or count == 1:
        return None if squared is None else Curvature(squared, None)
    root = np.sqrt(softmax(outputs, axis=1))

    # S = B B^T with B = diag(√p) - p √p^T.
    def half(w: Outputs) -> Outputs:
        return root * w - root**2 * np.sum(root * w, axis=1, keepdims=True)

    def transposed(w: Outputs) -> Outputs:
        return root * w - root * np.sum(root**2 * w, axis=1, keepdims=True)

    crossed = largest(lambda w: transposed(product(half(w))) / samples, outputs.shape)
    return Curvature(squared, crossed)


def largest(product: KernelProduct, shape: tuple[int, int]) -> float | None:
    """The largest eigenvalue of a symmetric map by Lanczos' method; None where it is zero or not finite."""
    vector = np.random.default_rng(0).standard_normal(shape)
    basis, images, found = [vector / np.linalg.norm(vector)], [], 0.0
    for _ in range(min(STEPS, vector.size)):
        with np.errstate(over="ignore", invalid="ignore"):
            image = product(basis[-1])
        if not np.max(np.abs(image)) < LARGEST:
            return None
        images.append(image)
        projected = np.tensordot(basis, images, ((1, 2), (1, 2)))
        before, found = found, float(np.linalg.eigvalsh((projected + projected.T) / 2)[-1])
        rest = image - np.tensordot(np.tensordot(basis, image, 2), basis, 1)
        if abs(found - before) < ACCURACY * found or np.linalg.norm(rest) <= ACCURACY * found:
            break
        basis.append(rest / np.linalg.norm(rest))
    return found if found > 0 else None
