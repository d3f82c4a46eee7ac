r"""How couplings run with the resolution of the inputs, beyond perturbation theory.

Erbin, Lahoche and Ousmane Samary (2108.01403) know the potential of a network ensemble at k = 0, where all
fluctuations are in, and let Wetterich's equation take it back to finer resolution k. The equations used here
are transcribed from their public code, not from the paper, and no number of the paper is put to the test.
What can be tested is whether they are what they should be: the expansion of the local potential flow to sixth
order, with the free theory as a fixed point, with couplings that scale by their dimension around it, and with
the universal exponents of a single scalar field just below four dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from netphysics.fields.local_potential_flow import (
    exponents,
    loop_volume,
    loops,
    mass_dimensions,
    run_couplings,
    wilson_fisher,
)
from netphysics.lab import Coordinates, Equation, Results, Study, StudyConfig, option
from netphysics.report import Curve, Figure, curves, guide, ordered_roles
from netphysics.stats import Claim, Estimate

CODE = "transcribed from the public code of arXiv:2108.01403"
NAMES = ("u_2", "u_4", "u_6")
# Distances below four dimensions, each half of the one before.
EPSILONS = 0.64 / 2.0 ** np.arange(8)
LOWEST, STEPS = 1e-3, 61
# Couplings at which the transcribed equations and the expansion are compared.
SAMPLES = np.array([[0.0, 1.0, 0.0], [0.5, 0.3, -0.2], [-0.4, 2.0, 5.0], [3.0, -1.0, 0.7]])
INTEGRATOR = 1e-7
# A figure cannot tell more apart.
MOST_COLORS = 9


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the local potential flow."""

    dimensions: tuple[int, ...] = option((1, 2, 3), least=1, distinct=True)
    """Dimensions d of the inputs."""
    weight_std: float = option(1.0, above=0)
    """sigma_W: the flow starts from u2 = 2 sigma_W^2 / d at the smallest k."""
    quartic: float = option(1.0, above=0)
    """u4 at the smallest k, 24 times the coupling lambda of f^4."""
    sextic: float = option(0.0)
    """u6 at the smallest k, 720 times the coupling kappa of f^6."""
    highest: float = option(30.0, above=LOWEST)
    """The largest k; the smallest is 0.001."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {"quick": {}, "paper": {}}

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.dimensions) > MOST_COLORS:
            raise ValueError(f"dimensions is {self.dimensions}; it may have {MOST_COLORS} entries at most")


def start(config: Config, dimension: int) -> Float[np.ndarray, 3]:
    """Couplings at k = 0 or close to it; 2108.01403 has the mass 2 sigma_W^2 / d."""
    return np.array([2 * config.weight_std**2 / dimension, config.quartic, config.sextic])


def scales(config: Config) -> Float[np.ndarray, " scales"]:
    return np.geomspace(LOWEST, config.highest, STEPS)


def expanded_loops(scaled: Float[np.ndarray, 3], dimension: float) -> Float[np.ndarray, 3]:
    """The loop terms by another route: the power series of V_d / (1 + V''), to sixth order in f.

    With x = f^2, V'' = u2 + (u4/2) x + (u6/24) x^2, and coefficients of the inverse follow one by one.
    """
    u2, u4, u6 = scaled
    series = np.array([1 + u2, u4 / 2, u6 / 24, 0.0])
    inverse = [1 / series[0]]
    for order in range(1, 4):
        inverse.append(-series[1 : order + 1] @ inverse[::-1] / series[0])
    return loop_volume(dimension) * np.array([2.0, 24.0, 720.0]) * inverse[1:]


def predict(config: Config) -> Results:
    found = {}
    for dimension in config.dimensions:
        begin, many, d = start(config, dimension), scales(config), float(dimension)
        units = mass_dimensions(d)
        couplings = run_couplings(begin, many, d)
        free = run_couplings(begin * [1, 0, 0], many, d)
        finer = run_couplings(begin * 3.0**units, 3.0 * many, d) / 3.0**units
        found[f"d={dimension}"] = {
            "couplings": Estimate(couplings, INTEGRATOR * np.abs(couplings).max(axis=0), 0),
            "back": Estimate.exact(run_couplings(couplings[-1], many[::-1], d)[-1]),
            "free": Estimate.exact(free[-1]),
            "finer": Estimate.exact(finer),
            "exponents": Estimate.exact(exponents(np.zeros(3), d)),
            "transcribed": Estimate.exact([loops(sample, d) for sample in SAMPLES]),
            "expanded": Estimate.exact([expanded_loops(sample, d) for sample in SAMPLES]),
        }
    at_fixed_point = np.array([exponents(wilson_fisher(4 - epsilon), 4 - epsilon) for epsilon in EPSILONS])
    found["fixed-point"] = {"exponents": Estimate.exact(at_fixed_point)}
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    names = {"coupling": NAMES}
    return {
        "exponents": {"distance below four dimensions": EPSILONS, "exponent": range(3)},
        "back": names,
        "free": names,
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for dimension in config.dimensions:
        results, name = predicted[f"d={dimension}"], f"d{dimension}"
        begin, of = start(config, dimension), f"$d = {dimension}$"
        expanded = results["expanded"].value
        yield Claim.within(
            f"{name}-expansion",
            f"{of}: the transcribed equations are "
            r"$k\, dV/dk = V_d k^{d+2} / (k^2 + V^{\prime\prime})$ to sixth order in $f$",
            expanded,
            1e-12 * float(np.abs(expanded).max()),
            results["transcribed"],
            "theory",
            f"own expansion; {CODE}",
        )
        statement = f"{of}: a free theory stays as it is at every scale"
        yield Claim(f"{name}-free", statement, begin * [1, 0, 0], results["free"], "theory", "Gaussian fixed point")
        yield Claim.within(
            f"{name}-dimensions",
            f"{of}: around the free theory, couplings in units of $k$ scale as $-2$, $d-4$, $2d-6$",
            np.sort(-mass_dimensions(float(dimension))),
            1e-6,
            results["exponents"],
            "theory",
            "power counting",
        )
        yield Claim(
            f"{name}-rescaling",
            f"{of}: with $k$ and all couplings in units three times smaller, the flow is the same",
            results["couplings"],
            results["finer"],
            "theory",
            "dimensional analysis",
        )
        yield Claim.within(
            f"{name}-back",
            f"{of}: the flow up to $k = {config.highest:g}$ and back returns to where it started",
            begin,
            4 * INTEGRATOR * float(np.abs(begin).max()),
            results["back"],
            "theory",
            "a flow of first order",
        )
    yield from universal_claims(predicted["fixed-point"]["exponents"].value)


def universal_claims(found: Float[np.ndarray, "epsilons 3"]) -> list[Claim]:
    """Slopes of the exponents at epsilon = 0, by extrapolation."""
    relevant = (2 + found[:, 0]) / EPSILONS
    statements = (
        ("relevant", r"the relevant exponent of the interacting fixed point is $2 - \epsilon/3$", 1 / 3, relevant),
        ("irrelevant", r"its leading irrelevant exponent is $\epsilon$", 1.0, found[:, 1] / EPSILONS),
    )
    return [
        Claim(
            f"universal-{name}",
            rf"In $4 - \epsilon$ dimensions {statement} to first order; here the coefficient of $\epsilon$",
            expected,
            extrapolate(slopes),
            "theory",
            "one-loop universality of a scalar field",
        )
        for name, statement, expected, slopes in statements
    ]


def extrapolate(values: Float[np.ndarray, " epsilons"]) -> Estimate:
    """The limit of a power series at steps that are halved, with its last change as the error (Richardson)."""
    table = [values]
    for order in range(1, 4):
        table.append(table[-1][1:] + np.diff(table[-1]) / (2.0**order - 1))
    return Estimate(table[-1][-1], abs(table[-1][-1] - table[-2][-1]), 0)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    lines = []
    for index in (0, 1):
        for role, dimension in zip(ordered_roles(len(config.dimensions)), config.dimensions, strict=True):
            coupling = predicted[f"d={dimension}"]["couplings"].value[:, index]
            lines.append(
                Curve(
                    labels={"$d$": dimension, "coupling": f"${NAMES[index]}$"},
                    x=scales(config),
                    more={"its value": coupling.tolist()},
                    theory=coupling / coupling[0],
                    role=role,
                    panel=NAMES[index],
                    legend=f"$d = {dimension}$",
                )
            )
    yield curves(
        "flow",
        "Couplings that are known at $k = 0$ hardly move until the resolution reaches the mass, $k^2 = u_2$; beyond it "
        "the interaction takes the mass down and is larger itself. Left: the mass $u_2$. Right: the quartic coupling "
        f"$u_4 = 24\\lambda$, from $u_4 = {config.quartic:g}$. Equations {CODE}.",
        lines,
        x="resolution $k$",
        y={name: f"${name}(k) / {name}(0)$" for name in NAMES[:2]},
        log="x",
        key="lower left",
    )
    yield universal_figure(predicted["fixed-point"]["exponents"].value)


def universal_figure(found: Float[np.ndarray, "epsilons 3"]) -> Figure:
    """Exponents near four dimensions, over their universal first order."""
    quantities = {
        r"$(2 - \theta)\, / \,(\epsilon/3)$": (3 * (2 + found[:, 0]) / EPSILONS, -found[:, 0]),
        r"$\omega / \epsilon$": (found[:, 1] / EPSILONS, found[:, 1]),
    }
    lines = [
        Curve(
            labels={"quantity": label},
            x=EPSILONS,
            more={"exponent": exponent.tolist(), "second irrelevant exponent": found[:, 2].tolist()},
            measured=Estimate.exact(ratio),
            role=role,
            legend=label,
        )
        for role, (label, (ratio, exponent)) in zip(ordered_roles(2), quantities.items(), strict=True)
    ]
    shown = curves(
        "fixed-point",
        r"The interacting fixed point near four dimensions has the exponents it must have. Points: the relevant "
        r"exponent $\theta$ and the leading irrelevant one $\omega$ of this truncation, over their universal first "
        r"order in $\epsilon$, the line; away from $\epsilon = 0$ they depend on the truncation.",
        lines,
        x=r"$\epsilon = 4 - d$",
        y="exponent / one loop",
        log="x",
        points="exponent / one loop",
        key="upper left",
    )
    guide(shown.axes[0], y=1)
    return shown


study = Study.from_module(
    __name__,
    question="How do couplings run with resolution beyond perturbation theory, and are the equations in use sound?",
    equations=(
        Equation(
            r"k \frac{\mathrm{d} V}{\mathrm{d} k} = \frac{V_d\, k^{d+2}}{k^2 + V^{\prime\prime}}, \quad"
            r" V_d = \frac{1}{2^d \pi^{d/2} \Gamma(d/2 + 1)}",
            "Wetterich's equation in the local potential approximation, with Litim's regulator",
            (
                ("V", "potential; primes are derivatives by the output"),
                ("k", "resolution of the inputs"),
                ("d", "dimension of the inputs"),
                ("V_d", r"volume of a loop; $\Gamma$ is the gamma function"),
                (r"\Gamma", "gamma function"),
            ),
        ),
        Equation(
            r"k \frac{\mathrm{d} u_4}{\mathrm{d} k} = \frac{V_d\, k^{4-d}}{(1 + \bar u_2)^2}"
            r" \left( -\bar u_6 + \frac{6 \bar u_4^2}{1 + \bar u_2} \right)",
            r"one of its three equations; $\bar u_2 = u_2/k^2$, $\bar u_4 = u_4 k^{d-4}$, $\bar u_6 = u_6 k^{2d-6}$",
            (("u_2, u_4, u_6", "couplings, coefficients of the potential; with a bar: without dimension"),),
        ),
    ),
    cites=("Erbin2022", "Halverson2021"),
)
