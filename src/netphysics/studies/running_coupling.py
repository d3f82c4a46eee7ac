r"""How the quartic coupling runs with the cutoff, and why it does not always run as d_in.

The connected 4-point function is that of a network and knows no cutoff; the integral of four kernels over a
box does, so that the coupling must make up for it. Halverson, Maiti and Stoner (2008.08601) find
d lambda / d log Lambda = -d_in lambda. Power counting gives -(d_in + 4p) for a kernel that grows as |y|^p:
their law holds where the kernel saturates (erf), not where it grows (relu) or falls off (Gauss-net). With the
output bias left in the kernel, which it should not be, saturation is universal and so is the law.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from netphysics.fields.interactions import connected_four, multiplicities, predicted_slope, running
from netphysics.lab import Equation, Study, StudyConfig
from netphysics.nets import Net
from netphysics.report import Figure, Table, figure, legend, measured, name_axes, sweep, theory
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


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the running coupling."""

    dimensions: tuple[Literal[1, 2, 3], ...] = (1, 2, 3)
    """Input dimensions d_in."""
    cutoffs: tuple[float, ...] = (7.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5)
    """Half-widths Lambda of the box; in three dimensions up to 1000."""

    presets: ClassVar = {"quick": {"dimensions": (1, 2), "cutoffs": (7.0, 30.0, 100.0, 300.0, 1e3)}, "paper": {}}

    def __post_init__(self):
        super().__post_init__()
        if not self.dimensions or len(set(self.dimensions)) < len(self.dimensions):
            raise ValueError(f"dimensions is {self.dimensions}; it needs at least one entry, and none twice")
        largest = LARGEST[max(self.dimensions)]
        rising = self.cutoffs and self.cutoffs[0] > 0 and list(self.cutoffs) == sorted(set(self.cutoffs))
        if not rising or len(self.cutoffs_in(max(self.dimensions))) < 3:
            raise ValueError(
                f"cutoffs is {self.cutoffs}; they must be positive and rising, with at least three up to {largest:g}"
            )

    def cutoffs_in(self, dimension: int) -> tuple[float, ...]:
        """The cutoffs that integrals in that dimension can resolve."""
        return tuple(cutoff for cutoff in self.cutoffs if cutoff <= LARGEST[dimension])


def cells(config):
    return []


def cell_name(case: str, dimension: int) -> str:
    return f"{case.replace(', ', '-').replace(' ', '-')}-d{dimension}"


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


def predict(config):
    results = {}
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


def measure(config, cell):
    raise NotImplementedError("a study without cells measures nothing")


def reduce(config, cell, tally):
    raise NotImplementedError("a study without cells measures nothing")


def compare(config, predicted, measured_results):
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
    return claims


def figures(config, predicted, measured_results):
    dimensions = sorted(config.dimensions)
    plot, panels = figure(panels=len(dimensions))
    rows = []
    for axes, dimension in zip(panels, dimensions, strict=True):
        cutoffs = np.array(config.cutoffs_in(dimension))
        middles = np.sqrt(cutoffs[1:] * cutoffs[:-1])
        label = r"$d \log \lambda$ / $d \log \Lambda$"
        name_axes(axes, r"cutoff $\Lambda$", label, log="x", title=rf"$d_{{in}} = {dimension}$")
        for case, role in zip(CASES, sweep(len(CASES)), strict=True):
            found = predicted[cell_name(case, dimension)]
            theory(axes, middles, np.full(len(middles), float(found["predicted"].value)), role, case)
            measured(axes, middles, found["slopes"], role, case)
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


def coupling_figure(config, predicted, dimensions):
    plot, panels = figure(panels=len(dimensions))
    rows = []
    for axes, dimension in zip(panels, dimensions, strict=True):
        cutoffs = np.array(config.cutoffs_in(dimension))
        label = r"$|\lambda(\Lambda)|$ / $|\lambda|$ at the first"
        name_axes(axes, r"cutoff $\Lambda$", label, log="xy", title=rf"$d_{{in}} = {dimension}$")
        for case, role in zip(CASES, sweep(len(CASES)), strict=True):
            found = predicted[cell_name(case, dimension)]["coupling"].value
            theory(axes, cutoffs, found / found[0], role, case)
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


study = Study(
    name="running-coupling",
    wing="fields",
    question="How does the quartic coupling of networks run with the cutoff, and does it run as d_in?",
    config=Config,
    cells=cells,
    predict=predict,
    measure=measure,
    reduce=reduce,
    compare=compare,
    figures=figures,
    equations=(
        Equation(
            r"\lambda(\Lambda) = -\frac{G_c^{(4)}}{24 \int_{|y_i| < \Lambda} \tilde K \tilde K \tilde K \tilde K}",
            "the coupling makes up for the cutoff",
        ),
        Equation(
            r"\frac{d \log \lambda}{d \log \Lambda} \to -(d_{in} + 4 p)",
            "power counting, for a kernel that grows as |y|^p",
        ),
    ),
    cites=("Halverson2021",),
)
