"""Panels: a figure of several axes taken apart, so that a narrow screen can stack what a wide one sets in a row."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import matplotlib.figure
from matplotlib.axes import Axes

SVG = "{http://www.w3.org/2000/svg}"
# Room around a panel, in points.
MARGIN = 2.0


def split(root: ET.Element, plot: matplotlib.figure.Figure) -> list[ET.Element]:
    """The SVG of a figure that has been drawn, one element for each panel; whole where there is one, or several rows.

    Definitions of the whole go with the first panel, and elements that were in `root` stay in it or in its parts.
    """
    groups = group(plot)
    body = root.find(f"{SVG}g")
    assert body is not None, "a figure that was drawn has a body"
    drawn = [child for child in body if child.get("id", "").startswith("axes_")]
    others = [child for child in body if child not in drawn and not child.get("id", "").startswith("patch_")]
    rows = {round(members[0].get_position().y1, 2) for members in groups}
    if len(groups) == 1 or len(rows) > 1 or others or len(drawn) != len(plot.axes):
        return [root]
    height = float(root.get("viewBox", "").split()[3])
    # Axes are drawn in the order of their z, those of one z as they were made.
    order = sorted(plot.axes, key=lambda axes: axes.get_zorder())
    parts = []
    for number, members in enumerate(groups):
        boxes = [box for axes in members if (box := axes.get_tightbbox()) is not None]
        left = min(box.x0 for box in boxes) - MARGIN
        width = max(box.x1 for box in boxes) + MARGIN - left
        part = root if number == 0 else ET.Element(f"{SVG}svg")
        target = body if number == 0 else ET.SubElement(part, f"{SVG}g")
        for axes in members:
            element = drawn[order.index(axes)]
            if number:
                body.remove(element)
                target.append(element)
        part.set("viewBox", f"{left:.2f} 0 {width:.2f} {height:g}")
        parts.append(part)
    return parts


def group(plot: matplotlib.figure.Figure) -> list[list[Axes]]:
    """The axes of each panel from left to right: those of a grid, each with what hangs on it, such as a color bar."""
    places: dict[object, list[Axes]] = {}
    hanging = []
    for axes in plot.axes:
        spec = axes.get_subplotspec()
        if spec is None or axes.get_label() == "<colorbar>":
            hanging.append(axes)
        else:
            places.setdefault((spec.num1, spec.num2, id(spec.get_gridspec())), []).append(axes)
    panels = sorted(places.values(), key=lambda members: members[0].get_position().x0)
    for axes in hanging:
        center = axes.get_position().x0
        # What hangs on a panel stands within it or to its right.
        before = [panel for panel in panels if panel[0].get_position().x0 <= center]
        (before or panels)[-1 if before else 0].append(axes)
    return panels or [list(plot.axes)]
