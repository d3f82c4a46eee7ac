"""Is the interaction of networks local? Effective actions fitted on inputs that are spread out.

The connected 4-point function of a network with one hidden layer is known exactly at every width. Three local
or simple actions are fitted to it on seven inputs and tested on the six between them. Beside them stands the
exact quartic vertex on a finite set of inputs, which has no cutoff and no box, and is not local.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from netphysics.fields.interactions import (
    MODELS,
    connected_four,
    exact_vertex,
    least_squares,
    multiplicities,
    response,
    unexplained,
)
from netphysics.fields.kernels import output_kernel
from netphysics.lab import Coordinates, Equation, Results, Study, StudyConfig, option
from netphysics.nets import Net
from netphysics.report import Figure, Table, TableEntry, ordered_roles
from netphysics.report.style import draw_measured, draw_theory, figure, legend, name_axes
from netphysics.stats import Claim, Estimate, multi_indices, unpack

from .published import cell_name
from .symbols import symbols

EXTENSION = "the models of arXiv:2008.08601, on inputs that are spread out"
FITTED = ("M1", "M2", "M3")
# The condition number of the Gauss-net's kernel, the smoothest, allows for four points in its range.
VERTEX_POINTS = 4
LOCAL = 0.01
REASON = (
    "Networks have an exact vertex that is not local; a local one describes them only on inputs so close together "
    "that nothing depends on where they are."
)


@dataclass(frozen=True)
class Setting:
    """Networks, the box of their integrals (None: all space), and the range of their inputs."""

    net: Net
    box: float | None
    reach: float


SETTINGS = {
    "erf, box 100": Setting(Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0), 100.0, 2.0),
    "erf, box 10": Setting(Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0), 10.0, 2.0),
    "gauss": Setting(Net((1, 1000, 1), "gauss", "gaussian", 1.0, 1.0), None, 1.0),
    "gauss, small bias": Setting(Net((1, 100, 1), "gauss", "gaussian", 1.0, 0.09), None, 1.0),
    "relu, box 100": Setting(Net((1, 20, 1), "relu", "gaussian", 1.0, 1.0), 100.0, 1.2),
    "relu, box 5": Setting(Net((1, 20, 1), "relu", "gaussian", 1.0, 1.0), 5.0, 1.2),
}


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the effective action."""

    points: int = option(7, between=(3, 15))
    """Inputs of the fit, evenly spread; the test inputs lie between them."""
    spread: float = option(1.0, above=0)
    """Factor on the range of the inputs: 2 for erf, 1 for gauss and 1.2 for relu."""

    presets: ClassVar = {"quick": {"points": 5}, "paper": {"points": 11}}


@functools.lru_cache(maxsize=32)
def fits(
    points: int, spread: float, label: str
) -> tuple[Float[np.ndarray, "models sets"], Float[np.ndarray, " models"], float]:
    """Fit and test every model of a setting: what is left unexplained on both sets, and condition numbers."""
    setting = SETTINGS[label]
    inputs = spread * setting.reach * np.linspace(-1, 1, 2 * points - 1)[:, None]
    sets = inputs[::2], inputs[1::2]
    four = [connected_four(setting.net, x) for x in sets]
    weights = [multiplicities(len(x), 4) for x in sets]
    responses = [response(setting.net, x, multi_indices(len(x), 4), MODELS["M3"], box=setting.box).values for x in sets]
    left, conditions = [], []
    for model in FITTED:
        size = len(MODELS[model])
        fit = least_squares(responses[0][:, :size], four[0], weights[0])
        parts = zip(four, responses, weights, strict=True)
        left.append([unexplained(target, rows[:, :size] @ fit.couplings, weight) for target, rows, weight in parts])
        conditions.append(fit.condition)
    negative = np.average(four[1] < 0, weights=weights[1])
    return np.array(left), np.array(conditions), float(negative)


@functools.lru_cache(maxsize=32)
def vertex(spread: float, label: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, their kernel, the exact vertex on them, and the 4-point function it came from, packed."""
    setting = SETTINGS[label]
    inputs = spread * setting.reach * np.linspace(-1, 1, VERTEX_POINTS)[:, None]
    kernel, four = output_kernel(setting.net, inputs), connected_four(setting.net, inputs)
    return inputs, kernel, exact_vertex(kernel, four), four


def predict(config: Config) -> Results:
    found = {}
    for label in SETTINGS:
        left, conditions, negative = fits(config.points, config.spread, label)
        _, _, strength, _ = vertex(config.spread, label)
        found[cell_name(label)] = {
            "unexplained_fit": Estimate.exact(left[:, 0]),
            "unexplained_test": Estimate.exact(left[:, 1]),
            "condition": Estimate.exact(conditions),
            "negative": Estimate.exact(negative),
            "local_share": Estimate.exact(local_share(strength)),
        }
    return found


def local_share(strength: Float[np.ndarray, " entries"]) -> float:
    """Share of the squared vertex, over all entries, that sits on four equal inputs."""
    weights = multiplicities(VERTEX_POINTS, 4)
    return float(np.sum(strength[weights == 1] ** 2) / (weights @ strength**2))


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {name: {"model": FITTED} for name in ("unexplained_fit", "unexplained_test", "condition")}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for label in SETTINGS:
        left = predicted[cell_name(label)]["unexplained_test"]
        statement = (
            f"{label}: models M1, M2, M3 leave at most 1 % of the 4-point function between their inputs unexplained"
        )
        yield Claim.at_most(cell_name(label), statement, LOCAL, left, "conjecture", EXTENSION, REASON)
    for label in ("erf, box 100", "gauss", "relu, box 100"):
        _, kernel, strength, four = vertex(config.spread, label)
        back = -unpack(strength, VERTEX_POINTS, 4)
        for _ in range(4):
            back = np.tensordot(back, kernel, axes=(0, 0))
        statement = (
            f"{label.split(',')[0]}: the exact vertex, put back into the diagram, gives the exact 4-point function"
        )
        observed = back[tuple(multi_indices(VERTEX_POINTS, 4).T)]
        rounding = 1e-12 * np.linalg.cond(kernel) * np.max(np.abs(four))
        observed = Estimate(observed, np.full_like(observed, rounding), 0)
        source = "leading order of 1/N on a finite set of inputs"
        yield Claim(f"vertex-{label.split(',')[0]}", statement, four, observed, "theory", source)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    plot, (axes,) = figure()
    name_axes(axes, "model", "unexplained share of the 4-point function", log="y")
    rows: list[tuple[TableEntry, ...]] = []
    for label, role in zip(SETTINGS, ordered_roles(len(SETTINGS)), strict=True):
        found = predicted[cell_name(label)]
        draw_theory(axes, np.arange(3), found["unexplained_test"], role, label)
        draw_measured(axes, np.arange(3), found["unexplained_test"], role, label)
        rows += [
            (
                label,
                model,
                *(float(found[name].value[i]) for name in ("unexplained_fit", "unexplained_test", "condition")),
            )
            for i, model in enumerate(FITTED)
        ]
    axes.set_xticks(range(3), FITTED)
    axes.set_xlim(-0.2, 2.2)
    legend(axes, loc="center left", bbox_to_anchor=(1, 0.5))
    caption = (
        "A local coupling does not explain networks on spread inputs. Mean square of the exact connected 4-point "
        "function that fitted models leave unexplained on the inputs between those of the fit, in units of the whole."
    )
    table = Table(("setting", "model", "1 - R^2, fit", "1 - R^2, test", "condition number"), rows)
    yield Figure("unexplained", caption, plot, table)
    yield vertex_figure(config)


def vertex_figure(config: Config) -> Figure:
    """Entries of the exact vertex, by the extent of their inputs."""
    plot, panels = figure(panels=3)
    rows = []
    for axes, label, role in zip(panels, ("erf, box 100", "gauss", "relu, box 100"), ordered_roles(3), strict=True):
        inputs, _, strength, _ = vertex(config.spread, label)
        places = inputs[multi_indices(VERTEX_POINTS, 4), 0]
        extent = np.ptp(places, axis=1)
        name = label.split(",")[0]
        name_axes(axes, "extent of the four inputs", r"$|v_{abcd}|$ / largest", log="y", title=name)
        size = np.abs(strength) / np.max(np.abs(strength))
        draw_measured(axes, extent, Estimate.exact(size), role)
        rows += [
            (name, " ".join(f"{x:.3g}" for x in place), float(far), float(value), float(share))
            for place, far, value, share in zip(places, extent, strength, size, strict=True)
        ]
    caption = (
        "The exact vertex is not local. Each point is one entry of the quartic vertex on four inputs, against the "
        "distance between the outermost of the places it joins; a local vertex would have entries at 0 only."
    )
    return Figure("vertex", caption, plot, Table(("net", "inputs", "extent", "vertex", "|vertex| / largest"), rows))


study = Study.from_module(
    __name__,
    question="Does a local quartic coupling describe networks on inputs that are spread out?",
    equations=(
        Equation(
            r"S = S_{GP} + \lambda_0 \int f^4 + \lambda_2 \int y^2 f^4 + \lambda_{NL} (\int f^2)^2",
            "the models, in weights exp(-S)",
            (
                *symbols("f(y)", r"\lambda_0, \lambda_2", r"\lambda_{NL}"),
                ("S", "action: outputs have the density $e^{-S}$"),
                ("S_{GP}", "action of the Gaussian process"),
            ),
        ),
        Equation(
            r"v_{abcd} = -\sum K^{-1}_{aa'} K^{-1}_{bb'} K^{-1}_{cc'} K^{-1}_{dd'} G^{(4)}_{c,a'b'c'd'}",
            "the exact quartic vertex on a set of inputs, to leading order in 1/N",
            (
                *symbols("G_c^{(4)}"),
                ("v_{abcd}", "quartic vertex of four inputs $a, b, c, d$"),
                ("K", "kernel matrix of the inputs"),
            ),
        ),
    ),
    cites=("Halverson2021",),
)
