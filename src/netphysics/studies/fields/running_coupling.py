r"""How the quartic coupling runs with the cutoff, and why it does not always run as d_in.

The connected 4-point function is that of a network and knows no cutoff; the integral of four kernels over a
box does, so that the coupling must make up for it. Halverson, Maiti and Stoner (2008.08601) find
d lambda / d log Lambda = -d_in lambda. Power counting gives -(d_in + 4p) for a kernel that grows as |y|^p:
their law holds where the kernel saturates (erf), not where it grows (relu) or falls off (Gauss-net). With the
output bias left in the kernel, which it should not be, saturation is universal and so is the law.

A coupling that runs is of use if it makes up for the cutoff everywhere: couplings fitted at some inputs must
predict, at other inputs, what does not depend on the cutoff.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from netphysics.fields.interactions import (
    connected_four,
    connected_functions,
    multiplicities,
    predicted_slope,
    predictions,
    running,
    unexplained,
)
from netphysics.lab import Equation, Results, Study, StudyConfig, option
from netphysics.nets import Net
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes, ordered_roles
from netphysics.stats import Claim, Estimate, multi_indices

PAPER = "arXiv:2008.08601, the flow of the quartic coupling"
LINE = np.array([[-1.0], [-0.6], [-0.2], [0.2], [0.6], [1.0]])
SQUARE = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
CUBE = np.array([[-1.0, -1.0, -1.0], [1.0, 1.0, -1.0], [-1.0, 1.0, 1.0], [1.0, -1.0, 1.0]])
CORNERS = {1: LINE, 2: SQUARE, 3: CUBE}
# The paper moves its points to where each kernel is interesting: scale and shift.
PLACES = {
    "erf": dict.fromkeys(CORNERS, (1.0, 0.0)),
    "gauss": dict.fromkeys(CORNERS, (0.01, 0.0)),
    "relu": {1: (0.5, 0.7), 2: (0.25, 0.75), 3: (0.4, 0.6)},
}
# Bias variance of the networks, and whether the output bias is left in the kernel.
CASES = {
    "erf": ("erf", 1.0, False),
    "relu": ("relu", 0.0, False),
    "relu, with bias": ("relu", 1.0, False),
    "gauss": ("gauss", 1.0, False),
    "erf, K": ("erf", 1.0, True),
    "gauss, K": ("gauss", 1.0, True),
}
# In three dimensions the grid resolves boxes up to this size; further out its error is no longer small.
LARGEST = {1: 1e6, 2: 1e5, 3: 1e3}
ACCURACY = 0.02
REASONS = {
    "relu": "The kernel grows as |y|, the integral over four of them as the power d_in + 4 of the cutoff.",
    "gauss": "The kernel falls off faster than any power: the integral converges, and nothing runs.",
}

TALK = "the triangle of influence, eqs. (4.13) and (4.14)"
# Networks and inputs of the predictions: couplings are fitted at two pairs of inputs, and used between them.
RAY = 0.5 * LINE + 0.7
FITTED, BETWEEN = [0, 2, 3, 5], [1, 4]
PREDICTED = {
    "erf": (Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0), LINE),
    "erf, near zero": (Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0), 0.01 * RAY),
    "relu": (Net((1, 20, 1), "relu", "gaussian", 1.0, 0.0), RAY),
    "relu, with bias": (Net((1, 20, 1), "relu", "gaussian", 1.0, 1.0), RAY),
    "gauss": (Net((1, 1000, 1), "gauss", "gaussian", 1.0, 1.0), 0.01 * LINE),
    "gauss, spread out": (Net((1, 1000, 1), "gauss", "gaussian", 1.0, 1.0), LINE),
}
SETTLING = ("erf", "relu, with bias")
INVARIANT, POWER_ACCURACY = 0.01, 0.1
SMALL_BOX = (
    "In a small box the integrals at different inputs grow in different ratios, and one coupling cannot make up for "
    "it. The ratios settle where the kernel saturates (erf) or grows in proportion (relu), with a rest of order 1 / Λ."
)


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the running coupling."""

    dimensions: tuple[Literal[1, 2, 3], ...] = option((1, 2, 3), distinct=True)
    """Input dimensions d_in."""
    cutoffs: tuple[float, ...] = (7.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5)
    """Half-widths Lambda of the box; in three dimensions up to 1000."""

    presets: ClassVar = {"quick": {"dimensions": (1, 2), "cutoffs": (7.0, 30.0, 100.0, 300.0, 1e3)}, "paper": {}}

    def __post_init__(self) -> None:
        super().__post_init__()
        largest = LARGEST[max(self.dimensions)]
        rising = self.cutoffs and self.cutoffs[0] > 0 and list(self.cutoffs) == sorted(set(self.cutoffs))
        if not rising or len(self.cutoffs_in(max(self.dimensions))) < 3:
            raise ValueError(
                f"cutoffs is {self.cutoffs}; they must be positive and rising, with at least three up to {largest:g}"
            )

    def cutoffs_in(self, dimension: int) -> tuple[float, ...]:
        """The cutoffs that integrals in that dimension can resolve."""
        return tuple(cutoff for cutoff in self.cutoffs if cutoff <= LARGEST[dimension])


def cell_name(case: str, dimension: int) -> str:
    return f"{case.replace(', ', '-').replace(' ', '-')}-d{dimension}"


def prediction_name(label: str) -> str:
    return f"predictions-{label.replace(', ', '-').replace(' ', '-')}"


def network(case: str, dimension: int) -> tuple[Net, np.ndarray, bool]:
    """Networks of a case, their inputs, and whether the output bias stays in the kernel."""
    name, bias_variance, output_bias = CASES[case]
    scale, shift = PLACES[name][dimension]
    net = Net((dimension, 20, 1), name, "gaussian", 1.0, bias_variance)
    return net, scale * CORNERS[dimension] + shift, output_bias


@functools.lru_cache(maxsize=32)
def flow(case: str, dimension: int, cutoffs: tuple[float, ...]):
    """Couplings, slopes between cutoffs, and errors of the slopes."""
    net, inputs, output_bias = network(case, dimension)
    indices, weights = multi_indices(len(inputs), 4), multiplicities(len(inputs), 4)
    found = running(net, inputs, indices, cutoffs, output_bias=output_bias)
    four = connected_four(net, inputs)
    return found.coupling(four, weights), found.slopes(four, weights), found.slopes_error


@functools.lru_cache(maxsize=32)
def drift(label: str, cutoffs: tuple[float, ...]):
    """Changes of the predicted 4- and 6-point functions from those at the largest cutoff, in units of the latter;
    the powers with which they settle, where they do; and what they leave unexplained of the exact functions.
    """
    net, inputs = PREDICTED[label]
    fitted, others = inputs[FITTED], inputs[BETWEEN]
    found = predictions(net, fitted, connected_functions(net, fitted), others, cutoffs)
    exact = connected_functions(net, others)
    changes, powers, left = [], [], []
    for order, predicted, truth in ((4, found.four, exact.four), (6, found.six, exact.six)):
        weights = multiplicities(len(others), order)
        changes.append(norm(predicted - predicted[-1], weights) / norm(predicted[-1], weights))
        if label in SETTLING:
            powers.append(settling_power(norm(np.diff(predicted, axis=0), weights), np.array(cutoffs)))
        left.append([unexplained(truth, row, weights) for row in predicted])
    return np.array(changes), np.array(powers), np.array(left)


def norm(rows, weights):
    return np.sqrt(rows**2 @ weights)


def settling_power(steps, cutoffs):
    """The power near -1 of the cutoff with which a rest falls, from its last two steps between cutoffs."""
    growth = np.log(steps / -np.diff(1 / cutoffs))
    middles = np.log(cutoffs[1:] * cutoffs[:-1]) / 2
    return (np.diff(growth) / np.diff(middles))[-1] - 1


def predict(config: Config) -> Results:
    results = {}
    for label in PREDICTED:
        changes, powers, left = drift(label, config.cutoffs)
        found = {"changes": changes, "powers": powers, "unexplained": left}
        results[prediction_name(label)] = {name: Estimate.exact(value) for name, value in found.items()}
    for dimension in config.dimensions:
        for case in CASES:
            coupling, slopes, errors = flow(case, dimension, config.cutoffs_in(dimension))
            net, _, output_bias = network(case, dimension)
            results[cell_name(case, dimension)] = {
                "coupling": Estimate.exact(coupling),
                "slopes": Estimate(slopes, errors, 0),
                # What is left of the approach to the asymptotic slope is no larger than the last step of it.
                "slope": Estimate(slopes[-1], errors[-1] + abs(slopes[-1] - slopes[-2]), 0),
                "predicted": Estimate.exact(predicted_slope(net, output_bias=output_bias)),
            }
    return results


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    claims = []
    for dimension in config.dimensions:
        for case, (name, _, output_bias) in CASES.items():
            found = predicted[cell_name(case, dimension)]
            kernel = "K with the output bias" if output_bias else "the bias-free kernel"
            expected = Estimate(found["predicted"].value, ACCURACY / 4, 0)
            statement = (
                f"{case}, d_in = {dimension}: d log λ / d log Λ tends to {float(expected.value):g} with {kernel}"
            )
            claims.append(
                Claim(
                    f"{cell_name(case, dimension)}-slope",
                    statement,
                    expected,
                    found["slope"],
                    "theory",
                    "power counting",
                )
            )
            if output_bias or case == "relu, with bias":
                continue
            statement = f"{case}, d_in = {dimension}: β(λ) = -d_in λ"
            expected = Estimate(-float(dimension), ACCURACY / 4, 0)
            name = f"{cell_name(case, dimension)}-beta"
            reason = REASONS.get(case, "")
            claims.append(Claim(name, statement, expected, found["slope"], "literature", PAPER, reason=reason))
    return claims + prediction_claims(predicted)


def prediction_claims(predicted: Results):
    claims = []
    for label in PREDICTED:
        name = prediction_name(label)
        found, reason = predicted[name], SMALL_BOX if label in SETTLING else ""
        largest = Estimate.exact(np.max(found["changes"].value, axis=1))
        expected = Estimate(np.zeros(2), INVARIANT / 4, 0)
        statement = f"{label}: the predicted 4- and 6-point functions change by less than 1 % from cutoff to cutoff"
        claims.append(Claim(name, statement, expected, largest, "literature", TALK, reason=reason))
        if label in SETTLING:
            statement = f"{label}: what the predictions still owe to the cutoff falls as 1 / Λ (4- and 6-point)"
            expected = Estimate(-np.ones(2), POWER_ACCURACY / 4, 0)
            source = "expansion of the kernel far out"
            claims.append(Claim(f"{name}-power", statement, expected, found["powers"], "theory", source))
    return claims


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    dimensions = sorted(config.dimensions)
    plot, panels = figure(panels=len(dimensions))
    rows = []
    for axes, dimension in zip(panels, dimensions, strict=True):
        cutoffs = np.array(config.cutoffs_in(dimension))
        middles = np.sqrt(cutoffs[1:] * cutoffs[:-1])
        label = r"$d \log \lambda$ / $d \log \Lambda$"
        name_axes(axes, r"cutoff $\Lambda$", label, log="x", title=rf"$d_{{in}} = {dimension}$")
        for case, role in zip(CASES, ordered_roles(len(CASES)), strict=True):
            found = predicted[cell_name(case, dimension)]
            draw_theory(axes, middles, np.full(len(middles), float(found["predicted"].value)), role, case)
            draw_measured(axes, middles, found["slopes"], role, case)
            rows += [
                (case, dimension, float(low), float(high), float(found["predicted"].value), slope)
                for low, high, slope in zip(cutoffs, cutoffs[1:], found["slopes"], strict=False)
            ]
    legend(panels[-1], loc="center left", bbox_to_anchor=(1, 0.5))
    yield Figure(
        "slopes",
        "The coupling runs as the growth of the kernel commands. Points: slopes between neighboring cutoffs; lines: "
        "power counting, -(d_in + 4p) for a kernel that grows as |y|^p, and 0 where it falls off.",
        plot,
        Table(("kernel", "d_in", "from cutoff", "to cutoff", "predicted", "slope"), rows),
    )
    yield coupling_figure(config, predicted, dimensions)
    yield prediction_figure(config, predicted)


def coupling_figure(config: Config, predicted: Results, dimensions):
    plot, panels = figure(panels=len(dimensions))
    rows = []
    for axes, dimension in zip(panels, dimensions, strict=True):
        cutoffs = np.array(config.cutoffs_in(dimension))
        label = r"$|\lambda(\Lambda)|$ / $|\lambda|$ at the first"
        name_axes(axes, r"cutoff $\Lambda$", label, log="xy", title=rf"$d_{{in}} = {dimension}$")
        for case, role in zip(CASES, ordered_roles(len(CASES)), strict=True):
            found = predicted[cell_name(case, dimension)]["coupling"].value
            draw_theory(axes, cutoffs, found / found[0], role, case)
            rows += [
                (case, dimension, float(cutoff), float(value)) for cutoff, value in zip(cutoffs, found, strict=True)
            ]
    legend(panels[-1], loc="center left", bbox_to_anchor=(1, 0.5))
    return Figure(
        "coupling",
        "The coupling that keeps the 4-point function where it is, as the box grows. That of the Gauss-net does not "
        "run at all.",
        plot,
        Table(("kernel", "d_in", "cutoff", "coupling"), rows),
    )


def prediction_figure(config: Config, predicted: Results):
    plot, panels = figure(panels=2)
    cutoffs = np.array(config.cutoffs)
    rows = []
    for label, role in zip(PREDICTED, ordered_roles(len(PREDICTED)), strict=True):
        found = predicted[prediction_name(label)]
        changes = np.maximum(found["changes"].value, np.finfo(float).eps)
        for axes, change in zip(panels, changes, strict=True):
            draw_measured(axes, cutoffs[:-1], Estimate.exact(change[:-1]), role, label)
            if label in SETTLING:
                draw_theory(axes, cutoffs[:-1], change[-2] * cutoffs[-2] / cutoffs[:-1], role)
        columns = (*found["changes"].value, *found["unexplained"].value)
        rows += [(label, *map(float, row)) for row in zip(cutoffs, *columns, strict=True)]
    for axes, order in zip(panels, (4, 6), strict=True):
        label = "change to the largest cutoff, relative"
        name_axes(axes, r"cutoff $\Lambda$", label, log="xy", title=f"{order}-point function")
    legend(panels[-1], loc="center left", bbox_to_anchor=(1, 0.5))
    columns = [f"{what}, {order}-point" for what in ("change", "unexplained") for order in (4, 6)]
    return Figure(
        "predictions",
        "Couplings run over many decades; what they predict settles. λ and κ are fitted at four inputs for each "
        "cutoff; shown is how the connected functions that they predict between these differ from those at the "
        "largest cutoff. Lines fall as 1 / Λ. That a prediction does not depend on the cutoff does not make it "
        "right: the table has the share of the exact functions that is left unexplained, most of it where the "
        "inputs are spread out.",
        plot,
        Table(("networks", "cutoff", *columns), rows),
    )


study = Study.from_module(
    __name__,
    question="How does the quartic coupling of networks run with the cutoff, and do predictions depend on it?",
    equations=(
        Equation(
            r"\lambda(\Lambda) = -\frac{G_c^{(4)}}{24 \int_{|y_i| < \Lambda} \tilde K \tilde K \tilde K \tilde K}",
            "the coupling makes up for the cutoff",
        ),
        Equation(
            r"\frac{d \log \lambda}{d \log \Lambda} \to -(d_{in} + 4 p)",
            "power counting, for a kernel that grows as |y|^p",
        ),
        Equation(
            r"\frac{d}{d \log \Lambda} G^{(n)}_c(x; \lambda(\Lambda), \kappa(\Lambda), \Lambda) = 0, \quad n = 4, 6",
            "predictions do not depend on the cutoff",
        ),
    ),
    cites=("Halverson2021",),
)
