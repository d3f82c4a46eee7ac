"""Against programs that others wrote: regina and knot_floer_homology (GPL; only here, and only where installed)."""

from random import Random

import numpy as np
import pytest

from netphysics.knots.arcs import check
from netphysics.knots.braids import Diagram, inflate
from netphysics.knots.invariants import Laurent, is_unknot, jones
from netphysics.knots.priors import uniform_knot

regina = pytest.importorskip("regina")
homology = pytest.importorskip("knot_floer_homology")
snappy = pytest.importorskip("snappy")

WORDS, DIAGRAMS = 200, 10_000


def random_words(seed: int, count: int):
    generator = np.random.default_rng(seed)
    for _ in range(count):
        strands = int(generator.integers(2, 7))
        yield uniform_knot(strands, strands - 1 + 2 * int(generator.integers(0, 11)), generator=generator)


def regina_jones(braid) -> Laurent:
    """Regina's Jones polynomial is in x = t^(1/2)."""
    rows = [list(row) for row in Diagram.of_braid(braid).crossings]
    found = regina.Link.fromPD(rows).jones()
    powers = range(found.minExp(), found.maxExp() + 1)
    return Laurent([int(found[k].stringValue()) for k in powers if k % 2 == 0], found.minExp() // 2)


def is_unknot_by_homology(braid) -> bool | None:
    """Three calls that agree on a rank that a knot can have (odd); None when they do not."""
    link = snappy.Link([list(row) for row in Diagram.of_braid(braid).crossings])
    link.simplify("basic")
    if len(link.crossings) < 3:
        return True
    found = {(h["total_rank"], h["seifert_genus"]) for h in (homology.pd_to_hfk(link.PD_code()) for _ in range(3))}
    if len(found) > 1 or next(iter(found))[0] % 2 == 0:
        return None
    return found == {(1, 0)}


def test_jones_agrees_with_regina():
    for braid in random_words(1, WORDS):
        if len(braid):
            assert jones(braid) == regina_jones(braid), braid


def test_no_answer_about_the_unknot_is_wrong():
    for braid in random_words(2, WORDS):
        answer, truth = is_unknot(braid).answer, is_unknot_by_homology(braid)
        assert truth is None or answer in ("undecided", "yes" if truth else "no"), braid


def random_diagrams(seed: int, count: int):
    """Diagrams of up to 40 crossings, of the unknot and with some crossings changed."""
    for number in range(count):
        random = Random(seed + number)
        rows = [list(row) for row in inflate(Diagram((), (), 1), random.randint(4, 40), random).crossings]
        for k in random.sample(range(len(rows)), random.choice((0, 1, 1, 2, 3, len(rows) // 2))):
            rows[k] = rows[k][1:] + rows[k][:1]
        yield Diagram.of_pd(rows)


def is_unknot_by_regina(diagram: Diagram) -> bool:
    """Exact: by the Jones polynomial, and where it is 1 by whether the complement is a solid torus."""
    link = regina.Link.fromPD([list(row) for row in diagram.crossings])
    link.simplify()
    return link.size() == 0 or (str(link.jones()) == "1" and bool(link.complement().isSolidTorus()))


@pytest.mark.slow
def test_arc_presentations_and_regina_decide_alike():
    undecided = 0
    for diagram in random_diagrams(100_000, DIAGRAMS):
        verdict = is_unknot(diagram)
        undecided += verdict.answer == "undecided"
        assert verdict.answer in ("undecided", "yes" if is_unknot_by_regina(diagram) else "no"), diagram
        if verdict.answer == "yes":
            check(verdict.certificate)
    assert undecided < DIAGRAMS / 1000
