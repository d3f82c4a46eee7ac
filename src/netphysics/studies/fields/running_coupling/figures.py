"""Figures of the running coupling."""

from __future__ import annotations

import numpy as np

from netphysics.lab import Results
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Estimate

from .settings import CASES, PREDICTED, SETTLING, Config, cell_name, prediction_name

CUTOFF = r"cutoff $\Lambda$"
ROLES = dict(zip(CASES, ordered_roles(len(CASES)), strict=True))


def title(dimension: int) -> str:
    return rf"$d_{{in}} = {dimension}$"


def slope_figure(config: Config, predicted: Results) -> Figure:
    """Slopes between neighboring cutoffs, and power counting."""
    lines = []
    for dimension in sorted(config.dimensions):
        cutoffs = np.array(config.cutoffs_in(dimension))
        for case, role in ROLES.items():
            found = predicted[cell_name(case, dimension)]
            lines.append(
                Curve(
                    labels={"kernel": case, "$d_{in}$": dimension},
                    x=np.sqrt(cutoffs[1:] * cutoffs[:-1]),
                    more={"from cutoff": cutoffs[:-1].tolist(), "to cutoff": cutoffs[1:].tolist()},
                    theory=np.full(len(cutoffs) - 1, float(found["predicted"].value)),
                    measured=found["slopes"],
                    role=role,
                    panel=title(dimension),
                    legend=case,
                )
            )
    return curves(
        "slopes",
        "The coupling runs as the growth of the kernel commands. Points: slopes between neighboring cutoffs; lines: "
        "power counting, $-(d_{in} + 4p)$ for a kernel that grows as $|y|^p$, and 0 where it falls off.",
        lines,
        x=CUTOFF,
        y=r"$d \log \lambda$ / $d \log \Lambda$",
        points="slope",
        log="x",
        key="outside",
    )


def coupling_figure(config: Config, predicted: Results) -> Figure:
    """The coupling itself, in units of that at the first cutoff."""
    lines = []
    for dimension in sorted(config.dimensions):
        for case, role in ROLES.items():
            coupling = predicted[cell_name(case, dimension)]["coupling"].value
            lines.append(
                Curve(
                    labels={"kernel": case, "$d_{in}$": dimension},
                    x=config.cutoffs_in(dimension),
                    more={"coupling": coupling.tolist()},
                    theory=coupling / coupling[0],
                    role=role,
                    panel=title(dimension),
                    legend=case,
                )
            )
    return curves(
        "coupling",
        "The coupling that keeps the 4-point function where it is, as the box grows. That of the Gauss-net does not "
        "run at all.",
        lines,
        x=CUTOFF,
        y=r"$|\lambda(\Lambda)|$ / $|\lambda|$ at the first",
        log="xy",
        key="outside",
    )


def prediction_figure(config: Config, predicted: Results) -> Figure:
    """How predicted functions differ from those at the largest cutoff."""
    cutoffs, lines = np.array(config.cutoffs), []
    for place, order in enumerate((4, 6)):
        for label, role in zip(PREDICTED, ordered_roles(len(PREDICTED)), strict=True):
            found = predicted[prediction_name(label)]
            # A logarithmic axis has no zero.
            change = np.maximum(found["changes"].value[place, :-1], np.finfo(float).eps)
            lines.append(
                Curve(
                    labels={"networks": label, "points": order},
                    x=cutoffs[:-1],
                    more={"share left unexplained": found["unexplained"].value[place, :-1].tolist()},
                    theory=change[-1] * cutoffs[-2] / cutoffs[:-1] if label in SETTLING else None,
                    measured=Estimate.exact(change),
                    role=role,
                    panel=f"{order}-point function",
                    legend=label,
                )
            )
    return curves(
        "predictions",
        "Couplings run over many decades; what they predict settles. λ and κ are fitted at four inputs for each "
        "cutoff; shown is how the connected functions that they predict between these differ from those at the "
        "largest cutoff. Lines fall as 1 / Λ. That a prediction does not depend on the cutoff does not make it "
        "right: the table has the share of the exact functions that is left unexplained, most of it where the "
        "inputs are spread out.",
        lines,
        x=CUTOFF,
        y="change to the largest cutoff, relative",
        points="change",
        log="xy",
        key="outside",
    )
