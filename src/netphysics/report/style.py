"""The look of every figure: theory is a line, measurement is points with error bars or a band, literature
is open markers.

Helpers take a `role`, the name of an entry of the palette, which fixes color and marker. They work on
matplotlib figures directly: pyplot is never imported and the reader's own settings neither enter nor change.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any

import matplotlib.figure
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.ticker import Formatter, LogLocator, NullFormatter

from ..stats import Estimate, Numbers
from .figure import Number
from .palette import role_of

# Below this ratio of its ends an axis has less than two and a half decades.
FEW_DECADES = 300.0
PANEL_WIDTH, PANEL_HEIGHT = 4.6, 3.2  # inches
MARKER_SIZE = 6
INK, MUTED, PAPER = (role_of(name).light for name in ("ink", "muted", "paper"))

HOUSE = {
    # STIX ships with matplotlib and has the metrics of Times, which the page asks for.
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 10,
    "axes.labelsize": 10,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "lines.linewidth": 1.3,
    "lines.markersize": MARKER_SIZE,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.dpi": 72,  # that of SVG, so that mathematics is measured once
    "svg.fonttype": "none",
}


def house() -> contextlib.AbstractContextManager[None]:
    """A context in which matplotlib has the look of the house and nothing of the reader's own settings."""
    return matplotlib.style.context(HOUSE, after_reset=True)


def figure(panels: int = 1, height: Number = PANEL_HEIGHT) -> tuple[matplotlib.figure.Figure, list[Axes]]:
    """An empty figure of `panels` axes side by side; `height` in inches."""
    with house():
        plot = matplotlib.figure.Figure(
            figsize=(PANEL_WIDTH if panels == 1 else 3.7 * panels, float(height)), layout="constrained"
        )
        return plot, list(plot.subplots(1, panels, squeeze=False)[0])


def name_axes(axes: Axes, x: str, y: str, *, log: str = "", title: str = "") -> None:
    """Name both axes, each with symbol and unit, and choose their scales.

    Call it before anything is drawn: what is drawn depends on the scale.

    Args:
        log: the axes with a logarithmic scale: `""`, `"x"`, `"y"` or `"xy"`.

    Raises:
        ValueError: for another `log`.
    """
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f"log is {log!r}; it must be '', 'x', 'y' or 'xy'")
    with house():
        axes.set(xlabel=x, ylabel=y)
        axes.set_title(title)
        for name in log:
            axes.set(**{f"{name}scale": "log"})
            axis = getattr(axes, f"{name}axis")
            axis.set_major_locator(Decades())
            axis.set_minor_locator(LogLocator(subs=range(2, 10), numticks=12))
            axis.set_major_formatter(Powers())
            axis.set_minor_formatter(NullFormatter())


class Decades(LogLocator):
    """Ticks of a logarithmic axis: decades; 1, 2 and 5 of each where there are few."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        low, high = sorted((vmin, vmax))
        self.set_params(subs=(1.0, 2.0, 5.0) if high < FEW_DECADES * low else (1.0,), numticks=12)
        return super().tick_values(vmin, vmax)


class Powers(Formatter):
    """Labels of a logarithmic axis: plain numbers where all are short, powers of ten elsewhere."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        assert self.axis is not None, "a formatter belongs to an axis"
        low, high = sorted(self.axis.get_view_interval())
        if low > 0.009 and high < 50_000:
            return f"{x:g}"
        power = math.floor(np.log10(x) + 1e-9)
        digit = round(x / 10**power)
        return f"$10^{{{power}}}$" if digit == 1 else rf"${digit}\cdot 10^{{{power}}}$"


def draw_theory(axes: Axes, x: Numbers, y: Numbers | Estimate, role: str, label: str = "") -> None:
    """A line; a theory that has an error of its own gets a pale band of one standard error.

    Raises:
        ValueError: for an unknown role.
    """
    y = y if isinstance(y, Estimate) else Estimate.exact(y)
    color = role_of(role).light
    axes.plot(x, y.value, color=color, linewidth=1.3, label=label, zorder=2)
    if y.error.any():
        axes.fill_between(x, y.value - y.error, y.value + y.error, color=color, alpha=0.12, linewidth=0)


def draw_measured(
    axes: Axes, x: Numbers, estimate: Estimate, role: str, label: str = "", *, band: bool = False
) -> None:
    """Points with error bars of one standard error; or, for many points, a band of that width.

    Points whose error bar is not to be trusted (see `Estimate`) are pale. On a logarithmic axis an
    estimate that is not positive cannot be shown: an arrow hangs from its two-sigma upper end; where that
    is not positive either, the axes say how many are missing.

    Raises:
        ValueError: for an unknown role.
    """
    look = role_of(role)
    x = np.broadcast_to(x, estimate.shape)
    if band:
        low, high = estimate.value - estimate.error, estimate.value + estimate.error
        axes.fill_between(x, low, high, color=look.light, alpha=0.3, linewidth=0, label=label, zorder=1)
        return
    style: dict[str, Any] = {"color": look.light, "linestyle": "none", "elinewidth": 1, "zorder": 3}
    top = estimate.value + 2 * estimate.error
    hidden = (estimate.value <= 0) & (axes.get_yscale() == "log")
    for shown, alpha in ((estimate.trusted & ~hidden, 1.0), (~estimate.trusted & ~hidden, 0.4)):
        if shown.any():
            axes.errorbar(
                x[shown],
                estimate.value[shown],
                estimate.error[shown],
                fmt=look.marker,
                markersize=MARKER_SIZE,
                markeredgecolor=PAPER,
                markeredgewidth=0.5,
                alpha=alpha,
                label=label,
                **style,
            )
            label = ""  # one entry of the legend for both
    if (arrow := hidden & (top > 0)).any():
        axes.errorbar(x[arrow], top[arrow], top[arrow] / 2, uplims=True, fmt="none", label=label, **style)
    if lost := int((hidden & ~arrow).sum()):
        with house():
            place = axes.get_xaxis_transform()
            axes.text(x[hidden].max(), 0.02, f"{lost} below 0", color=look.light, transform=place, fontsize=8)


def draw_published(axes: Axes, x: Numbers, y: Numbers | Estimate, role: str, label: str = "") -> None:
    """Published values, as open markers; with error bars where they have errors.

    Raises:
        ValueError: for an unknown role.
    """
    y = y if isinstance(y, Estimate) else Estimate.exact(y)
    look = role_of(role)
    axes.errorbar(
        x,
        y.value,
        y.error if y.error.any() else None,
        fmt=look.marker,
        color=look.light,
        markerfacecolor=PAPER,
        markersize=MARKER_SIZE + 1,
        elinewidth=0.8,
        label=label,
        zorder=2.5,
    )


def slope_guide(axes: Axes, x: tuple[Number, Number], y_anchor: Number, slope: Number) -> None:
    """A thin dashed guide, the power law x^slope through `y_anchor` at the first of the two ends `x`, with
    its slope written at it. For two logarithmic axes.
    """
    start, end, y_anchor, slope = (float(number) for number in (*x, y_anchor, slope))
    middle = np.sqrt(start * end)
    y = (y_anchor, y_anchor * (end / start) ** slope)
    axes.plot((start, end), y, color=MUTED, linewidth=0.8, dashes=(5, 4), zorder=1)
    with house():
        axes.annotate(
            f"slope {slope:+g}".replace("-", "−"),
            (middle, y_anchor * (middle / start) ** slope),
            xytext=(4, 3) if slope < 0 else (-4, 3),
            textcoords="offset points",
            horizontalalignment="left" if slope < 0 else "right",
            color=MUTED,
            fontsize=9,
        )


def guide(
    axes: Axes, *, x: Number | None = None, y: Number | None = None, diagonal: bool = False, label: str = ""
) -> None:
    """Thin muted lines to read a figure by: at an `x`, at a `y`, or where both are equal; `label` goes to the key."""
    style: dict[str, Any] = {"color": MUTED, "linewidth": 0.8, "zorder": 1, "label": label}
    if x is not None:
        axes.axvline(float(x), linestyle=":", **style)
    if y is not None:
        axes.axhline(float(y), **style)
    if diagonal:
        axes.axline((0, 0), slope=1, **style)


def legend(axes: Axes, **where: Any) -> None:
    """The key of the figure; a line and points of one label share an entry.

    Keyword arguments go to matplotlib's `Axes.legend`, for instance `loc` and `ncols`.
    """
    shared: dict[str, list] = {}
    for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
        shared.setdefault(label, []).append(_without_bars(handle))
    with house():
        axes.legend([tuple(handles) for handles in shared.values()], list(shared), **where)


def _without_bars(handle: Any) -> Any:
    """The markers of an error bar: its bars would make a key of crosses."""
    if isinstance(handle, ErrorbarContainer) and handle.lines[0] is not None:
        return handle.lines[0]
    return handle
