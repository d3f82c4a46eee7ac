"""Floor 3, the report: figures in one look, one self-contained page for each run, and the gallery of runs."""

from .figure import Drawing, Figure, Table
from .gallery import gallery, write_gallery
from .page import page
from .palette import Role, role_of, sweep
from .reproduce import command
from .style import figure, legend, literature, measured, name_axes, predicted_slope, theory
from .svg import svg
from .write import export, write_report

__all__ = [
    "Drawing",
    "Figure",
    "Role",
    "Table",
    "command",
    "export",
    "figure",
    "gallery",
    "legend",
    "literature",
    "measured",
    "name_axes",
    "page",
    "predicted_slope",
    "role_of",
    "svg",
    "sweep",
    "theory",
    "write_gallery",
    "write_report",
]
