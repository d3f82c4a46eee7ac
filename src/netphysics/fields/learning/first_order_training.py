r"""Trained ensembles at first order in 1/width: mean and covariance of the outputs.

Gradient descent moves outputs by derivatives of all orders by the parameters,
$f_{t+1} - f_t = -hHr + \tfrac{h^2}2\,\mathrm dH\,rr - \tfrac{h^3}6\,\mathrm{dd}_I H\,rrr$, while $H$ and $\mathrm dH$
move likewise. Around the training that $\Theta$ governs, whose residuals are Gaussian, each tensor of `FirstOrder`
enters once, and $\Delta H$ twice by its covariances A and B; all else is of higher order (arXiv:2106.10165, chapter
11). So corrections are sums over the `Trajectory` of the infinitely wide network, in its modes, over contractions of
the indices of outputs. docs/learning.md derives them.

Points that are not learned are taken relative to what the modes predict for them,
$f_* - \Theta_{*\alpha}\theta_\alpha^{-1} f_\alpha$: these combinations stand still at infinite width, so that all
points are modes, some with an eigenvalue of zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64

from ..depth.first_order import FirstOrder, Fluctuations
from ..depth.first_order.tensors import Descendants
from .first_order_process import FirstOrderProcess
from .trajectories import Trajectory, TrajectoryOf

Matrix = Float64[np.ndarray, "k k"]
Targets = Float64[np.ndarray, "n outputs"]
Cubic = Float64[np.ndarray, "k n n n"]
# Eigenvalues below this share of the largest are zero.
ROUNDING = 1e-13


@dataclass(frozen=True)
class Modes:
    """Combinations of the points' outputs that decouple at infinite width, those of the n examples first.

    Attributes:
        eigenvalues: of the tangent kernel on the examples.
        to: from points to modes, and `back`.
    """

    eigenvalues: Float64[np.ndarray, " n"]
    to: Matrix
    back: Matrix


def trained_first_order(theory: FirstOrder, targets: Targets, trajectory: TrajectoryOf) -> FirstOrderProcess:
    """The ensemble after training on the first n of the points of `theory`, at all of them.

    Args:
        trajectory: `descent_trajectory(learning_rate, steps)` or `flow_trajectory(time)`.

    Raises:
        ValueError: for more targets than points, or an activation with a kink.
    """
    if not 1 <= len(targets) <= len(theory.kernel):
        raise ValueError(
            f"there are {len(targets)} targets and {len(theory.kernel)} points; 1 to {len(theory.kernel)} are possible"
        )
    if theory.descendants is None:
        raise ValueError("the activation has a kink; training at first order needs three derivatives")
    n, outputs = targets.shape
    modes = modes_of(theory.tangent_kernel, n)
    turned = turn(theory, modes.to)
    descendants = Descendants(*(rotated(each, modes.to) for each in theory.descendants))
    y = modes.to[:n, :n] @ targets
    training = Training(turned, descendants, trajectory(modes.eigenvalues), y)
    final = training.final
    start = np.concatenate([y, np.zeros((len(final) - n, outputs))])
    mean = start * (1 - final[:, None])
    covariance = np.outer(final, final) * turned.kernel
    back = modes.back
    return FirstOrderProcess(
        back @ mean,
        back @ covariance @ back.T,
        back @ training.mean(),
        np.einsum("xp,yq,ijpq->ijxy", back, back, training.covariance(), optimize=True),
        theory.width,
    )


def modes_of(tangent_kernel: Matrix, n: int) -> Modes:
    """Modes of training on the first n points."""
    eigenvalues, vectors = np.linalg.eigh(tangent_kernel[:n, :n])
    moving = eigenvalues > ROUNDING * eigenvalues[-1]
    eigenvalues = np.where(moving, eigenvalues, 0.0)
    predicted = tangent_kernel[n:, :n] @ vectors * np.where(moving, 1 / np.where(moving, eigenvalues, 1.0), 0.0)
    rest = np.eye(len(tangent_kernel) - n)
    nothing = np.zeros((n, len(rest)))
    to = np.block([[vectors.T, nothing], [-predicted @ vectors.T, rest]])
    back = np.block([[vectors, nothing], [predicted, rest]])
    return Modes(eigenvalues, to, back)


def turn(theory: FirstOrder, to: Matrix) -> FirstOrder:
    """The same theory for linear combinations of the inputs' outputs, without descendants."""
    return replace(
        theory,
        kernel=rotated(theory.kernel, to),
        kernel_correction=rotated(theory.kernel_correction, to),
        tangent_kernel=rotated(theory.tangent_kernel, to),
        tangent_kernel_correction=rotated(theory.tangent_kernel_correction, to),
        fluctuations=Fluctuations(*(rotated(each, to) for each in theory.fluctuations)),
        descendants=None,
    )


def rotated(tensor: np.ndarray, to: Matrix) -> np.ndarray:
    """A tensor of any number of inputs, for their combinations."""
    for _ in range(tensor.ndim):
        tensor = np.moveaxis(np.tensordot(to, tensor, axes=(1, 0)), 0, -1)
    return tensor


class Training:
    """One training in its modes: sums over its trajectory, and what they make of the tensors.

    In what follows x and y are any modes, a, b, c are modes of the examples, i and j are outputs.
    """

    def __init__(self, theory: FirstOrder, descendants: Descendants, trajectory: Trajectory, y: Targets) -> None:
        n, self.outputs = y.shape
        k = len(theory.kernel)
        self.n, self.theory, self.fluctuations, self.y = n, theory, theory.fluctuations, y
        self.final = np.concatenate([trajectory.final, np.ones(k - n)])
        later = np.concatenate([trajectory.later, np.ones((len(trajectory.weights), k - n))], axis=1)
        # A change at a time counts until the end.
        self.until = (trajectory.weights[:, None] * later).T
        self.trajectory, self.P, self.Q = trajectory, descendants.P, descendants.Q
        self.kernel = theory.kernel[:n, :n]
        d, moved, h = trajectory.remaining, trajectory.moved, trajectory.step
        self.once = self.until @ d
        pair = d[:, :, None] * moved[:, None]
        self.second_moves = self.summed(pair)
        self.first_moves = self.second_moves + h / 2 * self.summed(d[:, :, None] * d[:, None])
        self.linear = self._linear()
        self.cubic = self._cubic(descendants)

    def summed(self, factors: Float64[np.ndarray, "times n n"]) -> Float64[np.ndarray, "k n n"]:
        """The sum over times of what changes of mode y become, times factors of two modes."""
        return np.tensordot(self.until, factors, axes=1)

    def _linear(self) -> Float64[np.ndarray, "k n"]:
        """L of the part L_yb r_ib(0) of the outputs' change, averaged over all but these residuals."""
        n, C, P, Q = self.n, self.outputs, self.P, self.Q
        A, B = self.fluctuations.A, self.fluctuations.B
        alone = -self.once * self.theory.tangent_kernel_correction[:, :n]
        twice = np.einsum("yaab->yab", (A + B)[:, :n, :n, :n]) + C * np.einsum("yaba->yab", B[:, :n, :n, :n])
        total = alone + np.einsum("yab,yab->yb", self.summed(self.trajectory.propagated), twice)
        # A residual of dH r r is contracted with dH, the first or the second one; the other one stays.
        head = slice(None), slice(n), slice(n), slice(n)
        tail = slice(n), slice(None), slice(n), slice(n)
        cross = slice(n), slice(n), slice(None), slice(n)
        first = np.einsum("yaba->yab", P[head] + Q[head]) + C * np.einsum("ybaa->yab", Q[head])
        second = np.einsum("yabb->yab", P[head] + C * Q[head]) + np.einsum("ybab->yab", Q[head])
        total += np.einsum("yab,yab->yb", self.first_moves, first)
        total += np.einsum("yab,yab->ya", self.first_moves, second)
        first = np.einsum("ayba->yab", C * P[tail] + Q[tail]) + np.einsum("abya->yab", Q[cross])
        second = np.einsum("aybb->yab", P[tail] + C * Q[tail]) + np.einsum("abyb->yab", Q[cross])
        total += np.einsum("yab,yab->yb", self.second_moves, first)
        return total + np.einsum("yab,yab->ya", self.second_moves, second)

    def _cubic(self, descendants: Descendants) -> Cubic:
        """W of the part W_yabc r_ia (r_b · r_c) of the outputs' change."""
        n, h = self.n, self.trajectory.step
        d, moved = self.trajectory.remaining, self.trajectory.moved
        _, _, R, S, T, U = descendants
        times = len(d)

        def summed(first: np.ndarray, second: np.ndarray) -> Cubic:
            """Of factors of one mode and of two."""
            weights = (self.until[:, None] * first.T[None]).reshape(-1, times)
            return (weights @ second.reshape(times, -1)).reshape(-1, n, n, n)

        pairs = moved[:, :, None] * moved[:, None]
        mixed = d[:, :, None] * moved[:, None]
        full = summed(d, pairs)
        half = h * summed(d, mixed) if h else np.zeros_like(full)
        third = h**2 / 6 * summed(d, d[:, :, None] * d[:, None]) if h else 0.0
        ordered = summed(d, self.trajectory.ordered)
        own = R[:, :n, :n, :n]
        total = np.zeros_like(full)

        def add(part: Cubic, single: int) -> None:
            """Residuals of modes a, b, c, in the order of the axes; one has the output's index, two are contracted."""
            nonlocal total
            total = total + np.moveaxis(part, single, 1)

        # dd_I of y, with three residuals.
        weight = -(full + half) / 2 - third
        add(weight * own, 1)
        add(weight * np.einsum("ybac->yabc", own), 2)
        add(weight * np.einsum("ycab->yabc", own), 3)
        # dd_I of a, whose residual drives.
        add(-full / 2 * np.einsum("aybc->yabc", R[:n, :, :n, :n]), 1)
        across = R[:n, :n, :, :n]
        add(-full / 2 * np.einsum("abyc->yabc", across), 3)
        add(-full / 2 * np.einsum("acyb->yabc", across), 2)
        # dd_II with the second derivatives of y along b and of a along c: both moved before.
        weight = -(full + half)
        for tensor, single in ((S, 1), (T, 2), (U, 3)):
            # Indices y, a, b, c.
            add(weight * tensor[:, :n, :n, :n], single)
        # The second derivatives of y and b, along a and c: b moved before c did.
        for tensor, single in ((S, 2), (T, 1), (U, 3)):
            add(-ordered * np.einsum("ybac->yabc", tensor[:, :n, :n, :n]), single)
        # Those of a and b, along y and c.
        for tensor, single in ((S, 3), (T, 1), (U, 2)):
            add(-ordered * np.einsum("abyc->yabc", tensor[:n, :n, :, :n]), single)
        return total

    def mean(self) -> Float64[np.ndarray, "k outputs"]:
        """The correction of the mean."""
        y, K = self.y, self.kernel
        products = y @ y.T + self.outputs * K
        W = self.cubic
        cubic = np.einsum("yabc,bc,ai->yi", W, products, y, optimize=True)
        cubic += np.einsum("yabc,ab,ci->yi", W, K, y, optimize=True)
        cubic += np.einsum("yabc,ac,bi->yi", W, K, y, optimize=True)
        return -self.linear @ y - cubic

    def covariance(self) -> Float64[np.ndarray, "outputs outputs k k"]:
        """The correction of the covariance of outputs i of mode x and j of mode y."""
        n, C, P, Q, W = self.n, self.outputs, self.P, self.Q, self.cubic
        _, D, F, A, B = self.fluctuations
        K, once = self.theory.kernel[:, :n], self.once
        head = slice(None), slice(n), slice(n), slice(None)
        tail = slice(n), slice(None), slice(n), slice(None)
        cross = slice(n), slice(n), slice(None), slice(None)
        # Coefficients of δ_ij (r_a · r_b) and of r_ia r_jb, first those of the start with a change.
        same = np.einsum("yab,yabx->xyab", self.first_moves, P[head])
        same += np.einsum("yab,abyx->xyab", self.second_moves, Q[cross])
        same += np.einsum("xc,ycab->xyab", K, W)
        split = np.einsum("yba,ybax->xyab", self.first_moves, Q[head])
        split += np.einsum("yab,ybax->xyab", self.first_moves, Q[head])
        split += np.einsum("yab,aybx->xyab", self.second_moves, P[tail])
        split += np.einsum("yba,byax->xyab", self.second_moves, Q[tail])
        split += np.einsum("xc,ybca->xyab", K, W) + np.einsum("xc,ybac->xyab", K, W)
        joint = self._expected(same, split)
        # Tangent kernels that are correlated with the start, and all that is linear.
        met = np.einsum("xaya->xya", (D + C * F)[:, :n, :, :n]) + np.einsum("xaay->xya", F[:, :n, :n, :])
        alone = K @ self.linear.T - np.einsum("ya,xya->xy", once, met)
        joint += np.einsum("ij,xy->ijxy", np.eye(C), alone)
        joint *= self.final[:, None]
        # Two changes.
        both = np.einsum("xa,yb->xyab", once, once)
        same = both * np.einsum("xayb->xyab", B[:, :n, :, :n])
        split = both * np.einsum("xayb->xyab", A[:, :n, :, :n])
        split += np.einsum("xb,ya,xbay->xyab", once, once, B[:, :n, :n, :])
        start = np.outer(self.final, self.final) * self.theory.kernel_correction
        changes = self._expected(same, split) + np.einsum("ij,xy->ijxy", np.eye(C), start)
        return changes + joint + np.transpose(joint, (1, 0, 3, 2))

    def _expected(
        self, same: Float64[np.ndarray, "k k n n"], split: Float64[np.ndarray, "k k n n"]
    ) -> Float64[np.ndarray, "outputs outputs k k"]:
        """With E[r_ia r_jb] = y_ia y_jb + δ_ij K_ab."""
        y, K, C = self.y, self.kernel, self.outputs
        alone = np.einsum("xyab,ab->xy", same, y @ y.T + C * K) + np.einsum("xyab,ab->xy", split, K)
        return np.einsum("xyab,ai,bj->ijxy", split, y, y, optimize=True) + np.einsum("ij,xy->ijxy", np.eye(C), alone)
