"""Floor 4, the report: figures in one look, one self-contained page for each run, and the gallery of runs."""

from .categories import categories
from .curves import Curve, curves
from .figure import Drawing, Figure, Table, TableEntry
from .gallery import gallery, write_gallery
from .page import page
from .palette import Role, ordered_roles, role_of
from .reproduce import command
from .style import draw_measured, draw_published, draw_theory, figure, guide, legend, name_axes, slope_guide
from .svg import svg
from .write import export, write_report

__all__ = [
    "Curve",
    "Drawing",
    "Figure",
    "Role",
    "Table",
    "TableEntry",
    "categories",
    "command",
    "curves",
    "draw_measured",
    "draw_published",
    "draw_theory",
    "export",
    "figure",
    "gallery",
    "guide",
    "legend",
    "name_axes",
    "ordered_roles",
    "page",
    "role_of",
    "slope_guide",
    "svg",
    "write_gallery",
    "write_report",
]
