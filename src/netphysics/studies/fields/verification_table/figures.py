"""Figures of the verification table."""

from __future__ import annotations

import numpy as np

from netphysics.lab import Results
from netphysics.report import (
    Curve,
    Figure,
    Table,
    curves,
    draw_measured,
    draw_published,
    figure,
    name_axes,
    ordered_roles,
)
from netphysics.stats import Estimate

from .table import PUBLISHED_NETWORKS, SETTINGS, as_published


def coupling_figure(predicted: Results) -> Figure:
    """Exact couplings in units of the published ones."""
    names = (r"$\lambda_0$", r"$\lambda_2$", r"$\lambda_{NL}$")
    plot, panels = figure(panels=3)
    rows = []
    for axes, (name, setting), role in zip(panels, SETTINGS.items(), ordered_roles(3), strict=True):
        found = predicted[name]
        # The couplings of erf's M3 are off by powers of ten.
        name_axes(axes, "", "exact / published", log="y" if name == "erf" else "", title=name)
        labels: list[str] = []
        for order, (model, numbers) in enumerate(setting.couplings.items()):
            published, exact = as_published(numbers, float(found["noise"].value)), found[model].value
            places = len(labels) + np.arange(len(numbers))
            draw_published(axes, places, published / published.value, role)
            draw_measured(axes, places, Estimate.exact(exact / published.value), role)
            labels += [f"{model} {coupling}" for coupling in names[: len(numbers)]]
            errors = float(found["test_errors"].value[1 + order]), setting.test_errors[order]
            rows += [
                (name, model, names[i], published[i], float(exact[i]), float(exact[i] / published.value[i]), *errors)
                for i in range(len(numbers))
            ]
        axes.set_xticks(range(len(labels)), labels, rotation=60)
    columns = (
        "net",
        "model",
        "coupling",
        "published",
        "exact",
        "exact / published",
        "exact test error (%)",
        "published test error (%)",
    )
    return Figure(
        "couplings",
        "The published table from the exact 4-point function. Filled: couplings without Monte Carlo, in units of the "
        "published ones; open: the published ones with the error of their ensemble and of their rounding. Gauss and "
        "relu: the smallest couplings that fit; erf: least squares.",
        plot,
        Table(columns, rows),
    )


def degeneracy_figure(predicted: Results) -> Figure:
    """Singular values of the three responses."""
    lines = [
        Curve(
            labels={"net": name},
            x=np.arange(1, 4),
            measured=Estimate.exact(np.maximum(predicted[name]["singular_values"].value, 1e-17)),
            role=role,
            legend=name,
        )
        for name, role in zip(SETTINGS, ordered_roles(3), strict=True)
    ]
    shown = curves(
        "degeneracy",
        "What the inputs can tell apart: singular values of the three responses, each of length one. Of three "
        "couplings the data determine one.",
        lines,
        x="direction in the space of couplings",
        y="singular value / largest",
        log="y",
        points="singular value",
    )
    shown.axes[0].set_xticks([1, 2, 3])
    return shown


def noise_figure(predicted: Results, measured: Results) -> Figure:
    """Test errors against the number of networks."""
    networks = np.array([1e4, 1e5, 1e6, 1e7, 1e8])
    law, size = np.sqrt(PUBLISHED_NETWORKS / networks), np.sqrt(2 / np.pi)
    lines = []
    for kind, role, label in (
        ("independent", "orthogonal", "other networks"),
        ("shared", "gaussian", "the same networks"),
    ):
        seen = measured["erf"][kind] * size
        lines.append(
            Curve(
                labels={"test data": label},
                x=networks,
                theory=size * predicted["erf"][kind].value * law if kind == "independent" else None,
                measured=Estimate(seen.value * law, seen.error * law, seen.draws, seen.dof, seen.trusted),
                role=role,
                legend=label,
            )
        )
    published = np.array([SETTINGS["erf"].test_errors[0] / 100])
    here = [PUBLISHED_NETWORKS]
    lines.append(
        Curve(labels={"test data": "published"}, x=here, published=published, role="muted", legend="published")
    )
    return curves(
        "test-error",
        "Who is tested? Mean relative error of the constant coupling of erf networks on the test inputs, when the test "
        "data come from the same networks as the fit and when they come from others.",
        lines,
        x="networks",
        y="relative test error of M1",
        log="xy",
    )
