"""The page of a search for anomalies: areas, curves, the events that stand out, and what scores cannot see."""

from __future__ import annotations

from .. import __version__
from ..topology.anomaly import SIGNAL_EFFICIENCIES, Search
from .figure import Figure, Table
from .page import plate, templates
from .style import figure, legend, measured, name_axes

ROLES = ("plain", "sphere", "density", "reference")


def anomaly_page(found: Search, words: tuple[str, ...] = (), command: str = "") -> str:
    """The search as one self-contained HTML page; `words` tell what was read, `command` makes it again."""
    figures = [improvement_figure(found)] if found.performance else []
    return (
        templates()
        .get_template("anomaly.html")
        .render(
            found=found,
            words=words,
            plates=[plate("anomaly", each, "anomaly") for each in figures],
            command=command,
            version=__version__,
        )
    )
