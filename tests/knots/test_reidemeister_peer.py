"""Regina as a verifier of Reidemeister moves (GPL; only here, and only where installed)."""

import runpy
from pathlib import Path
from random import Random

import pytest

from netphysics.knots import Diagram
from netphysics.knots.arcs import arc_presentation, simplify
from netphysics.knots.braids import inflate
from netphysics.knots.published import hard_unknots
from netphysics.knots.reidemeister import reidemeister_moves, replay

pytest.importorskip("regina")

PEER = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "peers" / "reidemeister.py"))


@pytest.mark.parametrize("number", range(12))
def test_regina_makes_every_move(number):
    random = Random(number)
    easy = [inflate(Diagram((), (), 1), random.randint(10, 40), random)]
    diagram = ([unknot.diagram for unknot in hard_unknots()[:5]] + easy)[min(number, 5)]
    certificate = reidemeister_moves(diagram, simplify(arc_presentation(diagram), 10**6, seed=number).certificate)
    diagrams = [{number: row[:] for number, row in rows.items()} for rows in replay(certificate)]
    found = PEER["replay"]({"diagrams": diagrams, "moves": [list(move) for move in certificate.moves]})
    assert found == [len(certificate.moves), 0]
