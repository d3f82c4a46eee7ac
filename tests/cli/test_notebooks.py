"""What things show of themselves in a notebook: pictures and words, never addresses; markup of users is escaped."""

import numpy as np
import pytest

import netphysics
from netphysics.fields import interactions
from netphysics.knots import Braid, Diagram
from netphysics.knots.invariants import prime_knots
from netphysics.nets import Net
from netphysics.stats import Claim, Estimate

TREFOIL = ((1, 4, 2, 5), (3, 6, 4, 1), (5, 2, 6, 3))


TADPOLE = interactions.Diagram(2, (interactions.Vertex("g", (4,)),), (2,), ((1,),))


@pytest.mark.parametrize("thing", [Braid((1, 1, 1)), Diagram.of_pd(TREFOIL), TADPOLE])
def test_diagrams_show_a_drawing(thing):
    assert thing._repr_svg_().startswith("<svg")


def test_a_knot_of_the_table_shows_its_invariants():
    shown = prime_knots()[0]._repr_html_()
    assert "<svg" in shown and "3_1: Jones" in shown


def test_nets_diagnoses_and_claims_show_words():
    net = Net((784, *(512,) * 20, 10), "tanh")
    assert "784 → 20 × 512 → 10" in net._repr_html_() and "object at" not in net._repr_html_()
    found = netphysics.diagnose([np.ones((2, 3)), np.eye(3)[:2]])
    assert found.verdict in found._repr_html_()
    claim = Claim("x", "<b>x</b> is 0", 0.0, Estimate(0.004, 0.0009, 10), "theory", "us")
    assert claim._repr_html_() == "<b>disagrees</b> &lt;b&gt;x&lt;/b&gt; is 0 (0.0040(9))"
