"""Writing: the report of a run beside its results, and its figures as files for a paper."""

from __future__ import annotations

from pathlib import Path

import matplotlib.figure

from ..blocks import atomic_path, write_atomic
from ..lab import Run
from ..lab.store import REPORT, Store
from .page import page
from .style import house

FORMATS = ("pdf", "png", "svg")


def write_report(run: Run) -> Path:
    """Write `report.html` into the folder of the run; returns its path."""
    figures = run.study.figures(run.config, run.predicted, run.measured)
    Store(run.path).seal({REPORT: page(run, list(figures)).encode()})
    return run.report


def export(run: Run, folder: Path, format: str = "pdf") -> list[Path]:
    """Save every figure of a run for a paper, as `<study>-<figure>.<format>`; returns the paths.

    Drawings are SVG in any case, one file each: `<study>-<figure>-<number>.svg`.

    Raises:
        ValueError: for a format other than `pdf`, `png` and `svg`.
    """
    if format not in FORMATS:
        raise ValueError(f"format is {format!r}; it must be one of {', '.join(FORMATS)}")
    paths = []
    for figure in run.study.figures(run.config, run.predicted, run.measured):
        stem = f"{run.study.name}-{figure.name}"
        if not isinstance(figure.plot, matplotlib.figure.Figure):
            for number, drawing in enumerate(figure.plot, start=1):
                paths.append(Path(folder) / f"{stem}-{number}.svg")
                write_atomic(paths[-1], drawing.svg.encode())
            continue
        path = Path(folder) / f"{stem}.{format}"
        with house(), atomic_path(path) as unfinished:
            figure.plot.savefig(unfinished, format=format, dpi=300, facecolor="white")
        paths.append(path)
    return paths
