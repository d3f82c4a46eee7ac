r"""How the quartic coupling runs with the cutoff, and why it does not always run as d_in.

The connected 4-point function is that of a network and knows no cutoff; the integral of four kernels over a
box does, so that the coupling must make up for it. Halverson, Maiti and Stoner (2008.08601) find
d lambda / d log Lambda = -d_in lambda. Power counting gives -(d_in + 4p) for a kernel that grows as $|y|^p$:
their law holds where the kernel saturates (erf), not where it grows (relu) or falls off (Gauss-net). With the
output bias left in the kernel, which it should not be, saturation is universal and so is the law.

A coupling that runs is of use if it makes up for the cutoff everywhere: couplings fitted at some inputs must
predict, at other inputs, what does not depend on the cutoff.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from netphysics.fields.interactions import predicted_slope
from netphysics.lab import Coordinates, Equation, Results, Study
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate

from ..symbols import symbols
from .figures import coupling_figure, prediction_figure, slope_figure
from .flows import drift, flow
from .settings import CASES, PREDICTED, SETTLING, Config, cell_name, network, prediction_name

PAPER = "arXiv:2008.08601, the flow of the quartic coupling"
TALK = "the triangle of influence, eqs. (4.13) and (4.14)"
# Powers of the cutoff are told apart where they differ by more.
ACCURACY = 0.2
REASONS = {
    "relu": "The kernel grows as |y|, the integral over four of them as the power d_in + 4 of the cutoff.",
    "gauss": "The kernel falls off faster than any power: the integral converges, and nothing runs.",
}

INVARIANT, POWER_ACCURACY = 0.01, 0.1
SMALL_BOX = (
    "In a small box the integrals at different inputs grow in different ratios, and one coupling cannot make up for "
    "it. The ratios settle where the kernel saturates (erf) or grows in proportion (relu), with a rest of order 1 / Λ."
)


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


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    points = {"points": (4, 6), "cutoff": config.cutoffs}
    return {"coupling": {"cutoff": config.cutoffs}, "changes": points, "unexplained": points}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for dimension in config.dimensions:
        for case, (_, _, output_bias) in CASES.items():
            name, start = cell_name(case, dimension), f"{case}, d_in = {dimension}"
            slope, expected = predicted[name]["slope"], float(predicted[name]["predicted"].value)
            kernel = "K with the output bias" if output_bias else "the bias-free kernel"
            statement = f"{start}: d log λ / d log Λ tends to {expected:g} with {kernel}"
            yield Claim.within(f"{name}-slope", statement, expected, ACCURACY, slope, "theory", "power counting")
            if output_bias or case == "relu, with bias":
                continue
            statement, reason = f"{start}: β(λ) = -d_in λ", REASONS.get(case, "")
            yield Claim.within(
                f"{name}-beta", statement, -float(dimension), ACCURACY, slope, "literature", PAPER, reason
            )
    yield from prediction_claims(predicted)


def prediction_claims(predicted: Results) -> Iterator[Claim]:
    for label in PREDICTED:
        name = prediction_name(label)
        found, reason = predicted[name], SMALL_BOX if label in SETTLING else ""
        largest = Estimate.exact(np.max(found["changes"].value, axis=1))
        statement = f"{label}: the predicted 4- and 6-point functions change by at most 1 % from cutoff to cutoff"
        yield Claim.at_most(name, statement, INVARIANT, largest, "literature", TALK, reason)
        if label in SETTLING:
            statement = f"{label}: what the predictions still owe to the cutoff falls as 1 / Λ (4- and 6-point)"
            expected, source = -np.ones(2), "expansion of the kernel far out"
            yield Claim.within(f"{name}-power", statement, expected, POWER_ACCURACY, found["powers"], "theory", source)


def figures(config: Config, predicted: Results, measured: Results) -> list[Figure]:
    return [make(config, predicted) for make in (slope_figure, coupling_figure, prediction_figure)]


study = Study.from_module(
    __name__,
    question="How does the quartic coupling of networks run with the cutoff, and do predictions depend on it?",
    equations=(
        Equation(
            r"\lambda(\Lambda) = -\frac{G_c^{(4)}}{24 \int_{|y_i| < \Lambda} \tilde K \tilde K \tilde K \tilde K}",
            "the coupling makes up for the cutoff",
            (
                *symbols("G_c^{(4)}", r"\tilde K"),
                (r"\lambda(\Lambda)", r"quartic coupling at the cutoff $\Lambda$"),
                ("y_i", "components of the input that is integrated over"),
            ),
        ),
        Equation(
            r"\frac{d \log \lambda}{d \log \Lambda} \to -(d_{in} + 4 p)",
            "power counting, for a kernel that grows as $|y|^p$",
            (
                ("d_{in}", "dimension of the inputs"),
                ("p", "power with which the kernel grows"),
            ),
        ),
        Equation(
            r"\frac{d}{d \log \Lambda} G^{(n)}_c(x; \lambda(\Lambda), \kappa(\Lambda), \Lambda) = 0, \quad n = 4, 6",
            "predictions do not depend on the cutoff",
            (
                ("G^{(n)}_c(x)", "connected function of $n$ outputs at inputs $x$"),
                (r"\kappa(\Lambda)", "sextic coupling"),
            ),
        ),
    ),
    cites=("Halverson2021",),
)
