r"""Cutoff dependence: what a coupling must do so that nothing measured depends on the box.

The 4-point function knows no cutoff: it is that of a network. In G4c = -24 \lambda INT K~ K~ K~ K~ the integral
does, and so the coupling runs,

    d log \lambda / d log \Lambda = -d log(INT_{|y_i| < \Lambda} K~ K~ K~ K~) / d log \Lambda.

Power counting says how. If K~(x, y) grows as |y|^p the integrand grows as |y|^{4p}, and the slope tends to
-(d + 4p): -d for kernels that saturate, as those of erf and tanh, and -(d + 4) for relu. If the kernel falls
off, as that of the Gauss-net, the integral converges and nothing runs. With the output bias left in K every
kernel that does not grow tends to a constant, and the slope to -d, the scaling of a volume.

That the coupling of the fit makes up for the cutoff elsewhere as well is the point of the theory, and not
guaranteed: it does if the integrals over the box keep their ratios at different inputs. They do at once where
the kernel is a product a(x) b(y) or the integral converges within the box, and otherwise as the far region,
where the kernel saturates or grows in one way, comes to dominate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from netphysics.fields.interactions.correlators import Connected
from netphysics.fields.interactions.diagrams import Vertex
from netphysics.fields.interactions.effective_action import (
    KAPPA,
    LAMBDA_0,
    least_squares,
    multiplicities,
    response,
)
from netphysics.fields.interactions.feynman_integrals import evaluate
from netphysics.fields.interactions.wick import contract
from netphysics.fields.kernels import propagator
from netphysics.nets import Net
from netphysics.stats import multi_indices

Array = np.ndarray

QUARTIC = Vertex(r"\lambda", (4,))
# Where the growth of a kernel is read off, in units of the input.
_FAR = 1e8


@dataclass(frozen=True)
class Running:
    """Integrals of four kernels over boxes of growing size, and the coupling that goes with them.

    Attributes:
        cutoffs: half-widths Lambda of the boxes.
        integrals: INT K~ K~ K~ K~, one row for each cutoff, one column for each entry of the 4-point function.
        error: of the integrals.
    """

    cutoffs: Float64[Array, " c"]
    integrals: Float64[Array, "c m"]
    error: Float64[Array, "c m"]

    def coupling(self, four: Float64[Array, " m"], weights: Float64[Array, " m"]) -> Float64[Array, " c"]:
        r"""\lambda(\Lambda) in the sign of e^{-S}: the least-squares fit of -24 \lambda INT K~ K~ K~ K~ to G4c."""
        return -(self.integrals @ (weights * four)) / (24 * self.integrals**2 @ weights)

    def slopes(self, four: Float64[Array, " m"], weights: Float64[Array, " m"]) -> Float64[Array, " s"]:
        r"""d log |\lambda| / d log \Lambda between neighboring cutoffs."""
        return np.diff(np.log(np.abs(self.coupling(four, weights)))) / np.diff(np.log(self.cutoffs))

    @property
    def slopes_error(self) -> Float64[Array, " s"]:
        """Errors of the slopes from those of the integrals, in the worst case."""
        relative = np.linalg.norm(self.error, axis=1) / np.linalg.norm(self.integrals, axis=1)
        return (relative[1:] + relative[:-1]) / np.diff(np.log(self.cutoffs))


def running(
    net: Net,
    inputs: Float64[Array, "k d"],
    indices: Int64[Array, "m 4"],
    cutoffs: Sequence[float],
    *,
    output_bias: bool = False,
) -> Running:
    """Integrals of the four kernels that join inputs to one vertex, over boxes |y_i| < Lambda.

    With `output_bias` they are built on K instead of K~. Raises ValueError for cutoffs that are not positive
    and rising, at least two.
    """
    boxes = np.array(cutoffs, dtype=float)
    if boxes.size < 2 or not (boxes[0] > 0 and np.all(np.diff(boxes) > 0)):
        raise ValueError(f"cutoffs are {boxes.tolist()}; they must be at least two, positive and rising.")
    contact, kernel = contract(4, [QUARTIC])[0], propagator(net, output_bias=output_bias)
    couplings = {QUARTIC.coupling: -1 / 24}
    found = [
        evaluate(contact, inputs, indices, kernel=kernel, couplings=couplings, box=float(cutoff)) for cutoff in boxes
    ]
    return Running(boxes, np.stack([one.values for one in found]), np.stack([one.error for one in found]))


@dataclass(frozen=True)
class Predictions:
    r"""Connected functions at inputs that were not fitted, from couplings fitted anew at each cutoff.

    Attributes:
        couplings: \lambda and \kappa, one row for each cutoff.
        four: packed G4c = -24 \lambda INT K~^4 - 360 \kappa INT K~^4 K~(y, y), one row for each cutoff.
        six: packed G6c = -720 \kappa INT K~^6, one row for each cutoff.
    """

    couplings: Float64[Array, "c 2"]
    four: Float64[Array, "c m4"]
    six: Float64[Array, "c m6"]


def predictions(
    net: Net,
    fitted: Float64[Array, "k d"],
    connected: Connected,
    others: Float64[Array, "j d"],
    cutoffs: Sequence[float],
) -> Predictions:
    r"""Connected functions at the inputs `others`, in a theory whose couplings were fitted at the inputs `fitted`.

    `connected` are the functions at the latter. At each cutoff \kappa is fitted to the 6-point function, then
    \lambda to what \kappa leaves of the 4-point function. Raises ValueError for a cutoff that is not positive.
    """
    couplings, four, six = [], [], []
    weights = {order: multiplicities(len(fitted), order) for order in (4, 6)}
    for cutoff in cutoffs:
        (here_four, here_six), (there_four, there_six) = (
            [
                response(net, inputs, multi_indices(len(inputs), order), terms, box=float(cutoff)).values
                for order, terms in ((4, [LAMBDA_0, KAPPA]), (6, [KAPPA]))
            ]
            for inputs in (fitted, others)
        )
        kappa = least_squares(here_six, connected.six, weights[6]).couplings
        rest = connected.four - here_four[:, 1:] @ kappa
        quartic = least_squares(here_four[:, :1], rest, weights[4]).couplings
        couplings.append(np.concatenate([quartic, kappa]))
        four.append(there_four @ couplings[-1])
        six.append(there_six @ kappa)
    return Predictions(*map(np.stack, (couplings, four, six)))


def predicted_slope(net: Net, *, output_bias: bool = False) -> float:
    r"""d log \lambda / d log \Lambda for large cutoffs, by power counting: -(d_in + 4p), and 0 if that is positive.

    The power p with which the kernel grows is read off the kernel itself, far out along a diagonal.
    """
    dimension = net.widths[0]
    kernel = propagator(net, output_bias=output_bias)
    here = np.ones((1, dimension))
    near, far = (kernel(here, distance * here)[0] for distance in (_FAR, 2 * _FAR))
    if near == 0 or far == 0:
        return 0.0
    power = round(np.log2(far / near), 3)
    return min(-(dimension + 4 * power), 0.0)
