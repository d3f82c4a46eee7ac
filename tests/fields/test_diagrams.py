"""The diagram engine: famous factors, brute force on a field with two modes, the linked-cluster theorem."""

from fractions import Fraction
from itertools import chain
from math import factorial, prod
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.fields.interactions.diagrams import Vertex, point_legs, relabelings
from netphysics.fields.interactions.drawing import draw
from netphysics.fields.interactions.feynman_integrals import evaluate
from netphysics.fields.interactions.feynman_rules import expression
from netphysics.fields.interactions.wick import contract, expand
from netphysics.fields.kernels import propagator
from netphysics.nets import Net
from netphysics.stats import multi_indices

QUARTIC, SEXTIC = Vertex(r"\lambda", (4,)), Vertex(r"\kappa", (6,))
BILOCAL, QUADRATIC = Vertex(r"\lambda_{NL}", (2, 2)), Vertex("m", (2,))
CUBIC = Vertex("g", (3,))
PAIRS_OF_VERTICES = [[QUARTIC, QUARTIC], [QUARTIC, SEXTIC], [BILOCAL, BILOCAL], [QUADRATIC, BILOCAL]]


def double_factorial(number):
    return prod(range(number, 0, -2))


@pytest.mark.parametrize(
    ("externals", "vertices", "factors"),
    [
        (4, [], [3]),
        (6, [], [15]),
        (8, [], [105]),
        (10, [], [945]),
        (2, [QUARTIC], [12, 3]),
        (2, [SEXTIC], [90, 15]),
        (4, [QUARTIC], [24, 72, 9]),
        (4, [SEXTIC], [360, 540, 45]),
        (6, [QUARTIC], [360, 540, 45]),
        (6, [SEXTIC], [720, 5400, 4050, 225]),
        (0, [QUARTIC, QUARTIC], [24, 72, 9]),
    ],
)
def test_famous_factors(externals, vertices, factors):
    diagrams = contract(externals, vertices)
    assert [diagram.contractions for diagram in diagrams] == factors
    total = externals + sum(point_legs(tuple(vertices)))
    assert sum(factors) == double_factorial(total - 1)


def test_textbook_symmetry_factors():
    """Quartic theory with coupling g/4!: tadpole 2, bubble 2, sunset 6, figure eight 8, triple bubble 48."""
    assert [d.symmetry_factor for d in contract(2, [QUARTIC])] == [2, 8]
    exact = expand(4, [QUARTIC], 2, propagator_corrections=False)
    second = {d.symmetry_factor: len(d.channels) for d in exact if d.is_connected}
    assert second == {1: 1, 2: 3}
    assert sorted(d.symmetry_factor for d in expand(2, [QUARTIC], 2)) == [1, 2, 4, 4, 6]
    assert [d.symmetry_factor for d in contract(0, [QUARTIC, QUARTIC])] == [48, 16, 128]


legs = st.lists(st.integers(1, 4), min_size=1, max_size=2).map(tuple)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 5), st.lists(st.tuples(st.sampled_from("gh"), legs), max_size=2))
def test_all_contractions_are_counted(externals, terms):
    vertices = [Vertex(*term) for term in terms]
    total = externals + sum(chain(*(vertex.legs for vertex in vertices)))
    if total % 2:
        with pytest.raises(ValueError, match="odd"):
            contract(externals, vertices)
        return
    diagrams = contract(externals, vertices)
    assert sum(diagram.contractions for diagram in diagrams) == double_factorial(total - 1)
    for diagram in diagrams:
        wirings = len(relabelings(diagram.vertices)) * prod(map(factorial, point_legs(diagram.vertices)))
        assert diagram.contractions * diagram.symmetry_factor == len(diagram.channels) * wirings


def test_rules_are_options():
    everything = expand(4, [QUARTIC], 1, vacuum_bubbles=True)
    assert [d.contractions for d in everything] == [3, 24, 72, 9]
    assert [d.contractions for d in expand(4, [QUARTIC], 1)] == [3, 24, 72]
    exact = expand(4, [QUARTIC, SEXTIC], 1, propagator_corrections=False)
    assert {d.contractions for d in exact} == {3, 24, 360}
    assert expand(3, [QUARTIC, CUBIC], 1) == contract(3, [CUBIC])


def test_an_exact_propagator_takes_corrections_of_every_line():
    """At second order of the 4-point function only the one-loop diagram is left, on external legs as well."""
    second = [d for d in expand(4, [QUARTIC], 2, propagator_corrections=False) if d.order == 2]
    assert [(d.contractions, d.lines) for d in second] == [(1728, ((0, 2), (2, 0)))]
    products = [d for d in contract(2, [CUBIC, CUBIC]) if not d.is_connected and not d.direct]
    assert [d.corrects_propagator for d in products] == [False]


BOX, INPUTS = 1.5, np.array([0.3, -0.8, 1.1, 0.6])[:, None]
COUPLINGS = {r"\lambda": 0.7, r"\kappa": -0.3, r"\lambda_{NL}": 0.4, "m": 1.3}


def two_modes(x, y):
    """Propagator of f(x) = a + b x with standard normal a and b: everything is a polynomial."""
    return 1 + np.sum(x * y, axis=-1)


def two_mode_average(function):
    u, weights = np.polynomial.hermite_e.hermegauss(16)
    a, b = np.meshgrid(u, u)
    return np.sum(np.outer(weights, weights) / (2 * np.pi) * function(a, b))


def action(vertex, a, b):
    y, weights = np.polynomial.legendre.leggauss(8)
    field = a + BOX * b * y[:, None, None]
    moments = [np.tensordot(BOX * weights, field**legs, 1) for legs in vertex.legs]
    return COUPLINGS[vertex.coupling] * prod(moments)


def external_fields(a, b):
    return prod(a + b * x for x in INPUTS[:, 0])


def total(diagrams):
    arguments = {"kernel": two_modes, "couplings": COUPLINGS, "box": BOX}
    return sum(evaluate(d, INPUTS, np.arange(4)[None], **arguments).values[0] for d in diagrams)


@pytest.mark.parametrize("vertices", [[], [SEXTIC], [BILOCAL], *PAIRS_OF_VERTICES])
def test_diagrams_add_up_to_the_exact_average(vertices):
    exact = two_mode_average(lambda a, b: external_fields(a, b) * prod(-action(v, a, b) for v in vertices))
    equal = prod(factorial(vertices.count(vertex)) for vertex in set(vertices))
    assert total(contract(4, vertices)) == pytest.approx(exact / equal, rel=1e-11)


@pytest.mark.parametrize("vertex", [QUARTIC, BILOCAL])
def test_linked_clusters(vertex):
    """Vacuum bubbles cancel against the normalization at every order."""
    up = [two_mode_average(lambda a, b, k=k: external_fields(a, b) * action(vertex, a, b) ** k) for k in range(3)]
    down = [two_mode_average(lambda a, b, k=k: action(vertex, a, b) ** k) for k in range(3)]
    second = up[2] / 2 - up[1] * down[1] - up[0] * (down[2] / 2 - down[1] ** 2)
    found = total([d for d in expand(4, [vertex], 2) if d.order == 2])
    assert found == pytest.approx(second, rel=1e-10)


def test_zero_dimensional_theory():
    """<x^4> for e^{-x^2/2 - g x^4} is 3 - 96 g + 4752 g^2, from the moments (2n-1)!! alone."""
    series = [
        sum((-1) ** order * d.weight * len(d.channels) for d in expand(4, [QUARTIC], 2) if d.order == order)
        for order in range(3)
    ]
    moment = [double_factorial(2 * n - 1) for n in range(7)]
    up = [Fraction((-1) ** k * moment[2 + 2 * k], factorial(k)) for k in range(3)]
    down = [Fraction((-1) ** k * moment[2 * k], factorial(k)) for k in range(3)]
    quotient = []
    for k in range(3):
        quotient.append(up[k] - sum(quotient[j] * down[k - j] for j in range(k)))
    assert series == quotient == [3, -96, 4752]


def networks(activation, bias, output_bias=False):
    def kernel(x, y):
        net = Net((x.shape[-1], 1, 1), activation, "gaussian", 1.0, bias)
        return propagator(net, output_bias=output_bias)(x, y)

    return kernel


def test_quartic_integral_of_the_relu_kernel_is_closed():
    x = np.array([0.2, 0.4, 0.6])[:, None]
    indices = multi_indices(3, 4)
    contact = contract(4, [QUARTIC])[0]
    value = evaluate(contact, x, indices, kernel=networks("relu", 0.0), couplings={r"\lambda": 1.0}, box=100.0)
    np.testing.assert_allclose(value.values, -24 * 100**5 / 80 * np.prod(x[indices, 0], axis=1), rtol=1e-12)
    assert np.all(value.error < 1e-8 * np.abs(value.values))


def test_quartic_integral_of_the_gauss_kernel_over_all_space():
    for dimension in (1, 2):
        x = np.random.default_rng(1).normal(size=(4, dimension)) / 2
        contact = contract(4, [QUARTIC])[0]
        value = evaluate(
            contact,
            x,
            np.arange(4)[None],
            kernel=networks("gauss", 1.0),
            couplings={r"\lambda": 1.0},
            box=None,
        )
        spread = np.sum((x - x.mean(axis=0)) ** 2) / (2 * dimension)
        exact = -24 * (2 * np.pi * dimension / 4) ** (dimension / 2) * np.exp(-spread)
        assert abs(value.values[0] - exact) <= value.error[0] + 1e-12
        assert value.error[0] < 1e-4 * abs(exact)


def test_position_dependent_coupling_and_direct_kernel():
    x = INPUTS
    contact, tadpole, _ = contract(4, [QUARTIC])
    arguments = {"kernel": two_modes, "box": BOX}
    plain = evaluate(contact, x, np.zeros((1, 4), int), couplings={r"\lambda": 1.0}, **arguments)
    square = {r"\lambda": lambda y: y[:, 0] ** 2}
    weighted = evaluate(contact, x, np.zeros((1, 4), int), couplings=square, **arguments)
    y, weights = np.polynomial.legendre.leggauss(8)
    field = (1 + 0.3 * BOX * y) ** 4
    assert plain.values[0] == pytest.approx(-24 * BOX * weights @ field, rel=1e-12)
    assert weighted.values[0] == pytest.approx(-24 * BOX * weights @ (field * (BOX * y) ** 2), rel=1e-12)
    doubled = evaluate(
        tadpole,
        x,
        np.zeros((1, 4), int),
        couplings=square,
        direct_kernel=lambda x, y: 2 * two_modes(x, y),
        **arguments,
    )
    single = evaluate(tadpole, x, np.zeros((1, 4), int), couplings=square, **arguments)
    assert doubled.values[0] == pytest.approx(2 * single.values[0], rel=1e-14)


@pytest.mark.parametrize(
    ("activation", "diagram", "growth"),
    [("erf", 0, r"power 1\.00"), ("relu", 0, r"power 5\.00"), ("gauss", 1, None)],
)
def test_divergences_are_named(activation, diagram, growth):
    contact = contract(4, [QUARTIC])[diagram]
    arguments = {"kernel": networks(activation, 1.0), "couplings": {r"\lambda": 1.0}, "box": None}
    if growth is None:
        assert np.isfinite(evaluate(contact, INPUTS, np.arange(4)[None], **arguments).values[0])
        return
    with pytest.raises(ValueError, match=rf"-24.*diverges over all space, like the {growth} of the cutoff"):
        evaluate(contact, INPUTS, np.arange(4)[None], **arguments)


def test_formulas():
    contact, tadpole, _ = contract(4, [QUARTIC])
    lines = r"K(x_{1}, y)\, K(x_{2}, y)\, K(x_{3}, y)\, K(x_{4}, y)"
    assert expression(contact) == r"-24\, \lambda\, \int \mathrm{d}y\, " + lines
    assert expression(tadpole).endswith(r"K(y, y) + (5\ \text{permutations})")
    assert expression(contract(2, [])[0]) == "K(x_{1}, x_{2})"
    assert expression(contract(0, [QUARTIC, QUARTIC])[2]).startswith(r"\frac{9}{2}\, {\lambda}^{2}\, \int")


@pytest.mark.parametrize("vertices", [[], [SEXTIC], *PAIRS_OF_VERTICES])
def test_drawings_are_complete(vertices):
    for diagram in contract(4, vertices):
        root = ElementTree.fromstring(draw(diagram))
        tags = [element.tag.rsplit("}")[-1] for element in root.iter()]
        propagators = (4 + sum(point_legs(diagram.vertices))) // 2
        dotted = sum(len(vertex.legs) - 1 for vertex in diagram.vertices)
        assert tags.count("circle") == 4 + len(diagram.attached)
        assert tags.count("path") == propagators + dotted
        assert tags.count("text") == 4


def test_bad_input_is_refused():
    contact = contract(4, [QUARTIC])[0]
    arguments = {"kernel": two_modes, "couplings": {r"\lambda": 1.0}}
    with pytest.raises(ValueError, match="odd number"):
        contract(3, [QUARTIC])
    with pytest.raises(ValueError, match="order is -1"):
        expand(4, [QUARTIC], -1)
    with pytest.raises(ValueError, match="externals is -2"):
        contract(-2, [QUARTIC])
    with pytest.raises(ValueError, match="at least one leg"):
        Vertex("g", ())
    with pytest.raises(ValueError, match=r"box is 0\.0"):
        evaluate(contact, INPUTS, np.arange(4)[None], box=0.0, **arguments)
    with pytest.raises(ValueError, match="couplings lack"):
        evaluate(contact, INPUTS, np.arange(4)[None], box=1.0, kernel=two_modes, couplings={})
    with pytest.raises(ValueError, match="3 columns"):
        evaluate(contact, INPUTS, np.arange(3)[None], box=1.0, **arguments)
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(contract(0, [])[0])
