"""Figures as part of a page."""

import re
import xml.etree.ElementTree as ET

import matplotlib
import numpy as np
import pytest

from netphysics.report import Figure, Table, draw_measured, figure, name_axes, svg
from netphysics.report.palette import ROLES
from netphysics.stats import Estimate


def draw(caption="A line. With more."):
    plot, (axes,) = figure()
    name_axes(axes, "width in neurons", "$G_c^{(4)}$", log="y")
    draw_measured(axes, [1.0, 2.0], Estimate([1.0, 1e6], [0.1, 1.0], 10), "gaussian", band=True)
    draw_measured(axes, [1.0, 2.0], Estimate([1.0, 1e6], [0.1, 1.0], 10), "orthogonal")
    return Figure("line", caption, plot, Table((), []))


@pytest.fixture(scope="module")
def markup():
    return svg(draw(), "here")


def test_it_is_the_same_every_time(markup):
    with matplotlib.rc_context({"font.size": 20, "lines.linewidth": 7, "svg.hashsalt": "other"}):
        assert svg(draw(), "here") == markup


def test_it_follows_colors_fonts_and_width_of_the_page(markup):
    assert "var(--gaussian)" in markup and "var(--orthogonal)" in markup and "var(--ink)" in markup
    for role in ROLES.values():
        assert role.light not in markup
    root = ET.fromstring(markup)
    assert "width" not in root.attrib and "height" not in root.attrib
    assert "font-family" not in markup and "STIX" not in markup
    assert "<style" not in markup and "<metadata" not in markup


def test_words_are_text_and_mathematics_is_outlines(markup):
    texts = [element.text for element in ET.fromstring(markup).iter("text")]
    assert "width in neurons" in texts
    assert not any("G" in text or "$" in text for text in texts)
    assert "tspan" not in markup


def test_ids_are_its_own_and_all_references_meet(markup):
    ids = re.findall(r' id="([^"]+)"', markup)
    targets = re.findall(r'(?:url\(#|href="#|aria-\w+="here)([^)"]+)', markup)
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("here-line-") for name in ids)
    assert {target if target.startswith("here") else f"here{target}" for target in targets} == set(ids)


def test_it_says_what_it_shows():
    root = ET.fromstring(svg(draw("A <b>$x^2$</b> & more, eq. (1). Second."), "here"))
    assert root.get("role") == "img"
    assert root.find("title").text == "A <b>x²</b> & more, eq. (1)."
    assert root.find("desc").text == "A <b>x²</b> & more, eq. (1). Second."


def test_images_stay_inside():
    plot, (axes,) = figure()
    axes.imshow(np.eye(3))
    markup = svg(Figure("image", "An image.", plot, Table((), [])), "here")
    assert re.search(r'<image [^>]*href="data:image/png;base64,', markup)
