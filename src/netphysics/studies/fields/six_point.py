"""Is the sextic coupling negligible? What a quartic theory predicts for six points, against the exact answer.

Given the measured 4-point function, the quartic theory predicts the 6-point function as free pairings plus
SUM_15 K G4c. What it leaves is G6c = -720 kappa INT K~^6, of order 1/N^2. Published tests found it negligible
(2008.08601). It is, for networks with bounded activations or many units; the Gauss-net with its log-normal
tails needs N far beyond exp(8 sigma_b^2) / 6.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from netphysics.fields.interactions import (
    KAPPA,
    connected_functions,
    least_squares,
    multiplicities,
    response,
    six_point_without_sextic,
    unexplained,
)
from netphysics.lab import Coordinates, Equation, Results, Study, StudyConfig, option
from netphysics.nets import Net
from netphysics.report import Curve, Figure, Table, TableEntry, categories, curves, guide, ordered_roles
from netphysics.stats import Claim, Estimate, multi_indices

from .published import LINE, RAY, cell_name
from .symbols import symbols

PAPER = "arXiv:2008.08601, tests of the 6-point function"
NEGLIGIBLE = 0.1


@dataclass(frozen=True)
class Setting:
    """Networks, inputs, the box of the integral over six kernels (None: all space)."""

    net: Net
    inputs: Float[np.ndarray, "points 1"]
    box: float | None


SETTINGS = {
    "relu": Setting(Net((1, 20, 1), "relu", "gaussian", 1.0, 0.0), RAY, 100.0),
    "erf, near zero": Setting(Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0), 0.01 * RAY, 100.0),
    "erf": Setting(Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0), LINE, 100.0),
    "gauss": Setting(Net((1, 1000, 1), "gauss", "gaussian", 1.0, 1.0), 0.01 * LINE, None),
    "gauss, small bias": Setting(Net((1, 100, 1), "gauss", "gaussian", 1.0, 0.09), 0.01 * LINE, None),
}


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the 6-point function."""

    widths: tuple[int, ...] = option((5, 10, 20, 50, 100, 200, 500, 1000), least=1)
    """Widths N of the figure: the ratio falls as 1/N."""

    presets: ClassVar = {"quick": {"widths": (5, 20, 100, 1000)}, "paper": {}}


@functools.cache
def terms(label: str) -> tuple[Float[np.ndarray, 3], float, float]:
    """Shares of free, quartic and connected part in the sum over all entries; kappa; what its fit leaves."""
    setting = SETTINGS[label]
    points = len(setting.inputs)
    exact = connected_functions(setting.net, setting.inputs)
    weights = multiplicities(points, 6)
    parts = [*six_point_without_sextic(exact.two, exact.four, points), exact.six]
    sums = np.array([weights @ part for part in parts])
    rows = response(setting.net, setting.inputs, multi_indices(points, 6), [KAPPA], box=setting.box).values
    fit = least_squares(rows, exact.six, weights)
    return sums / np.sum(sums), float(fit.couplings[0]), unexplained(exact.six, rows @ fit.couplings, weights)


def predict(config: Config) -> Results:
    found = {}
    for label in SETTINGS:
        shares, kappa, left = terms(label)
        found[cell_name(label)] = {
            "shares": Estimate.exact(shares),
            "ratio": Estimate.exact(shares[2] / shares[1]),
            "kappa": Estimate.exact(kappa),
            "unexplained": Estimate.exact(left),
        }
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"shares": {"part": ("free", "quartic", "sextic")}}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for label, setting in SETTINGS.items():
        width = setting.net.widths[1]
        ratio = predicted[cell_name(label)]["ratio"]
        statement = f"{label}, N = {width}: the sextic coupling adds at most {NEGLIGIBLE:.0%} of what the quartic adds"
        reason = (
            f"G6c is {float(ratio.value):.2g} of SUM_15 K G4c here. It falls as 1/N: N = "
            f"{np.ceil(width * float(ratio.value) / NEGLIGIBLE):.0f} would do."
        )
        name = f"{cell_name(label)}-ratio"
        yield Claim.at_most(name, statement, NEGLIGIBLE, ratio, "literature", PAPER, reason)
    # All activations agree at x = 0: s^2n = exp((2 n^2 - 2 n) sigma_b^2) for the Gauss-net.
    net = SETTINGS["gauss"].net
    width, bias = net.widths[1], net.bias_variance
    four = 3 * (np.exp(4 * bias) - 1) / width
    six = (15 * np.exp(12 * bias) - 45 * np.exp(4 * bias) + 30) / width**2
    closed = six / (15 * (1 + bias) * four)
    # The points are 0.01 from zero, and the functions even around their mean.
    statement = "gauss: six points near zero have the ratio that follows in closed form at zero, to 0.4 %"
    observed = predicted["gauss"]["ratio"]
    yield Claim.within("gauss-closed", statement, closed, 4e-3 * closed, observed, "theory", "log-normal moments")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield ratio_figure(config, predicted)
    yield share_figure(predicted)


def ratio_figure(config: Config, predicted: Results) -> Figure:
    """The connected over the quartic part, by width."""
    lines = []
    for label, role in zip(SETTINGS, ordered_roles(len(SETTINGS)), strict=True):
        width, ratio = SETTINGS[label].net.widths[1], float(predicted[cell_name(label)]["ratio"].value)
        widths = np.array(sorted({*config.widths, width}))
        lines.append(
            Curve(
                labels={"networks": label},
                x=widths,
                theory=ratio * width / widths,
                measured=Estimate.exact([ratio]),
                at=[width],
                role=role,
                legend=label,
            )
        )
    shown = curves(
        "ratio",
        "How much of the 6-point function a quartic theory misses: the connected part over the quartic part, exact "
        "at every width. Markers are the widths of published tests; below the line across it is less than a tenth.",
        lines,
        x="width $N$ (hidden units)",
        y=r"$\sum G_c^{(6)}$ / $\sum \sum_{15} K G_c^{(4)}$",
        log="xy",
        points="ratio at the published width",
        key="outside",
    )
    guide(shown.axes[0], y=NEGLIGIBLE)
    return shown


def share_figure(predicted: Results) -> Figure:
    """The three parts of the 6-point function, by networks."""
    places = {label: f"{label}\nN = {setting.net.widths[1]}" for label, setting in SETTINGS.items()}
    shares = {
        part: {place: predicted[cell_name(label)]["shares"][i] for label, place in places.items()}
        for i, part in enumerate(("free", "quartic", "connected"))
    }
    shown = categories(
        "shares",
        "The 6-point function in three parts: free pairings, one quartic vertex, and the connected rest. The table "
        "has the coupling kappa fitted to the rest, and how much of it a constant kappa cannot explain.",
        shares,
        y="share of the 6-point function",
        log="y",
        points="share",
        roles=("gaussian", "orthogonal", "other"),
        key="outside",
    )
    shown.axes[0].tick_params(axis="x", rotation=45)
    rows: list[list[TableEntry]] = []
    for label, setting in SETTINGS.items():
        found = predicted[cell_name(label)]
        numbers = [*found["shares"].value, found["kappa"].value, found["unexplained"].value]
        rows.append([label, setting.net.widths[1], *map(float, numbers)])
    columns = ("networks", "width N", "free", "quartic", "connected", "kappa", "unexplained by kappa")
    return dataclasses.replace(shown, table=Table(columns, rows))


study = Study.from_module(
    __name__,
    question="Does the measured 4-point function predict the 6-point function, or is a sextic coupling needed?",
    equations=(
        Equation(
            r"G^{(6)} = \sum_{15} K K K + \sum_{15} K G_c^{(4)} + G_c^{(6)}",
            "free pairings, one quartic vertex, and the rest",
            (
                *symbols("G_c^{(4)}"),
                ("G^{(6)}, G_c^{(6)}", "6-point function, and its connected part"),
                ("K", "kernel of two inputs"),
            ),
        ),
        Equation(
            r"G_c^{(6)} = -720 \kappa \int \mathrm{d}y\, \tilde K_1 \cdots \tilde K_6",
            "the sextic coupling",
            (*symbols(r"\tilde K"), (r"\kappa", "sextic coupling"), ("y", "place of the vertex")),
        ),
    ),
    cites=("Halverson2021",),
)
