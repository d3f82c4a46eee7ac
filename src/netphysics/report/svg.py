"""SVG: a matplotlib figure as markup that lives in a page: it takes the page's colors, fonts and width."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import matplotlib
import matplotlib.figure
from matplotlib.patheffects import Normal
from matplotlib.text import Text

from .arrange import arrange
from .figure import Drawing, Figure
from .palette import ROLES
from .panels import split
from .prose import first_sentence, plain
from .style import house

XLINK = "{http://www.w3.org/1999/xlink}href"
# Widths in CSS pixels for each point of the drawing: text is 9 points, and never smaller than 10 pixels.
NARROWEST, WIDEST = 1.12, 1.45
SMALLEST = 9.0

VARIABLES = {role.light: f"var(--{name})" for name, role in ROLES.items()} | {
    "#000000": "var(--ink)",
    "#ffffff": "var(--paper)",
}
COLOR = re.compile(r"#[0-9a-f]{6}(?![\w-])")
# Matplotlib names its font, in some versions as a shorthand; the page's own takes its place.
SHORTHAND = re.compile(r"\bfont: (?:\S+ )*?(?P<size>[\d.]+px) [^;]*")
FAMILY = re.compile(r"font-family: [^;]*;? ?")
DECIMALS = re.compile(r"-?\d+\.\d{3,}")
CLASSES = {"words": re.compile(r"text_\d+$"), "axis": re.compile("matplotlib.axis_"), "legend": re.compile("legend_")}
REFERENCE = re.compile(r"#([A-Za-z_][\w.-]*)")


def svg(figure: Figure, prefix: str) -> str:
    """The figure as one `<svg>` element for a page.

    Colors of the palette become CSS variables named after their roles, and black and white become
    `--ink` and `--paper`. Words stay text in the font of the page; mathematics becomes outlines, since its
    sub- and superscripts only sit right in the font they were set in. Width follows the container.
    The same figure gives the same bytes.

    Args:
        prefix: goes before every id, so that figures of several runs can share a page.
    """
    prefix = f"{prefix}-{figure.name}"
    root = ET.fromstring(_draw(plot_of(figure), prefix))
    _clean(root, prefix)
    _frame(root, figure, prefix)
    return ET.tostring(root, encoding="unicode")


def panels(figure: Figure, prefix: str) -> list[str]:
    """The figure as one `<svg>` element for each of its panels, so that they can be stacked on a narrow screen.

    They belong on one page: what a later one refers to may be defined in an earlier one.
    """
    prefix = f"{prefix}-{figure.name}"
    root = ET.fromstring(_draw(plot_of(figure), prefix))
    whole = ET.Element("div")
    whole.extend(split(root, plot_of(figure)))
    _clean(whole, prefix)
    first, *others = whole
    _frame(first, figure, prefix)
    for part in others:
        part.attrib = {"class": "plot", "viewBox": part.get("viewBox", ""), "aria-hidden": "true", "style": _size(part)}
    return [ET.tostring(part, encoding="unicode") for part in whole]


def plot_of(figure: Figure) -> matplotlib.figure.Figure:
    """The plot of a figure that is none of drawings.

    Raises:
        ValueError: for one of drawings.
    """
    if not isinstance(figure.plot, matplotlib.figure.Figure):
        raise ValueError(f"figure {figure.name} has drawings; it must have a plot")
    return figure.plot


def _clean(root: ET.Element, prefix: str) -> None:
    """Take out what a page does not need, and make the rest follow the page."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in list(root.iter()):
        element.tag = element.tag.rpartition("}")[2]
        element.tail = None
        if element.tag != "text":
            element.text = None
        for kind, pattern in CLASSES.items():
            if pattern.match(element.get("id", "")):
                element.set("class", kind)
        if element.tag in ("metadata", "style") or element.get("style") == "fill: none":
            parents[element].remove(element)
        _restyle(element)
    _rename(root, prefix)


def inline(drawing: Drawing) -> str:
    """The drawing as one `<svg>` element for a page: in its own size, with the font of the page."""
    root = ET.fromstring(drawing.svg)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib.pop("font-family", None)
    view = root.get("viewBox", "")
    width = float(view.split()[2])
    root.attrib = {"class": "plot", "viewBox": view, "role": "img", "style": f"max-width: {width:.0f}px"}
    return ET.tostring(root, encoding="unicode")


def _draw(plot: matplotlib.figure.Figure, salt: str) -> bytes:
    """What matplotlib makes of it, with mathematics as outlines."""
    stream = io.BytesIO()
    with house(), matplotlib.rc_context({"svg.hashsalt": salt}):
        for text in plot.findobj(Text):
            text.set_fontsize(max(text.get_fontsize(), SMALLEST))
        arrange(plot)
        for text in plot.findobj(Text):
            if text.get_text().count("$") > 1:
                text.set_path_effects([Normal()])
        plot.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _restyle(element: ET.Element) -> None:
    """Palette to variables, fonts to the page's, coordinates to a hundredth of a point."""
    if XLINK in element.attrib:
        element.set("href", element.attrib.pop(XLINK))
    for name, value in element.attrib.items():
        if name in ("style", "fill", "stroke"):
            value = COLOR.sub(lambda match: VARIABLES.get(match[0], match[0]), value)
            element.set(name, FAMILY.sub("", SHORTHAND.sub(r"font-size: \g<size>", value)))
        elif name in ("d", "x", "y", "points"):
            value = DECIMALS.sub(lambda match: f"{float(match[0]):.2f}", value)
            element.set(name, " ".join(value.split()))


def _rename(root: ET.Element, prefix: str) -> None:
    """Put the prefix before every id that is referred to, and drop the others."""
    used = {
        name
        for element in root.iter()
        for value in element.attrib.values()
        if value.startswith("#") or "url(#" in value
        for name in REFERENCE.findall(value)
    }
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        else:
            element.set("id", f"{prefix}-{element.get('id')}")
        for name, value in element.attrib.items():
            if value.startswith("#"):
                element.set(name, f"#{prefix}-{value[1:]}")
            elif "url(#" in value:
                element.set(name, value.replace("url(#", f"url(#{prefix}-"))


def _frame(root: ET.Element, figure: Figure, prefix: str) -> None:
    """The root element: its size follows the page, and it says what it shows."""
    root.attrib = {
        "class": "plot",
        "viewBox": root.get("viewBox", ""),
        "role": "img",
        "aria-labelledby": f"{prefix}-title",
        "aria-describedby": f"{prefix}-desc",
        "style": _size(root),
    }
    words = {"title": first_sentence(figure.caption), "desc": figure.caption}
    for place, (tag, text) in enumerate(words.items()):
        element = ET.Element(tag, id=f"{prefix}-{tag}")
        element.text = plain(text)
        root.insert(place, element)


def _size(root: ET.Element) -> str:
    """How wide it may become in a row of panels."""
    width = float(root.get("viewBox", "").split()[2])
    least = NARROWEST * width
    return f"flex: {width:.0f} 1 {least:.0f}px; min-width: {least:.0f}px; max-width: {WIDEST * width:.0f}px"
