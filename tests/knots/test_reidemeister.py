"""Reidemeister moves: from the diagram that was given to none, through diagrams of the unknot in the plane."""

import json
import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.knots import Braid, Diagram, untie
from netphysics.knots.arcs import ArcCertificate, Move, arc_presentation, certify, grow, simplify
from netphysics.knots.braids import inflate
from netphysics.knots.braids.inflation import inflate_braid
from netphysics.knots.invariants import jones
from netphysics.knots.invariants.laurent import ONE
from netphysics.knots.published import hard_unknots
from netphysics.knots.reidemeister import (
    ReidemeisterCertificate,
    ReidemeisterMove,
    check,
    reidemeister_moves,
    replay,
)

TREFOIL = ((1, 5, 2, 4), (3, 1, 4, 6), (5, 3, 6, 2))
TWIST = ((2, 4, 1, 1), (4, 3, 3, 2))
HARD = {unknot.name: unknot.diagram for unknot in hard_unknots()}
SEEDS = st.integers(0, 2**32)


def untied(diagram: Diagram, seed: int = 0) -> ReidemeisterCertificate:
    return reidemeister_moves(diagram, simplify(arc_presentation(diagram), 10**6, seed=seed).certificate)


@pytest.mark.parametrize("name", [name for name, diagram in HARD.items() if len(diagram) < 20])
def test_hard_unknots_are_untied_from_the_code_that_was_given(name):
    certificate = untied(HARD[name])
    check(certificate)
    assert certificate.start == HARD[name].crossings
    assert ReidemeisterCertificate.from_json(json.loads(json.dumps(certificate.to_json()))) == certificate


def test_every_diagram_on_the_way_is_one_of_the_unknot_in_the_plane():
    """By code that neither the translation nor its checker knows: of_pd measures the genus."""
    certificate = untied(HARD["culprit"])
    assert certificate.most_crossings > len(HARD["culprit"])
    diagrams = [{number: row[:] for number, row in rows.items()} for rows in replay(certificate)]
    assert len(diagrams) == len(certificate.moves) + 1 and max(map(len, diagrams)) == certificate.most_crossings
    for rows in diagrams[:-1]:
        diagram = Diagram.of_pd(list(rows.values()))
        assert diagram.components == 1 and jones(diagram) == ONE
    assert diagrams[-1] == {}


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_disguised_unknots_are_untied(seed):
    random = Random(seed)
    crossings = random.randint(1, 35)
    makers = (
        lambda: inflate(Diagram((), (), 1), crossings, random),
        lambda: grow(arc_presentation(Braid((), 1)), random.randint(3, 14), random).diagram,
        lambda: Diagram.of_braid(inflate_braid(crossings, random)),
    )
    diagram = random.choice(makers)()
    for each in (diagram, diagram.mirror):
        certificate = untied(each, seed % 100)
        check(certificate)
        assert certificate.start == each.crossings


def test_moves_beyond_the_ends_of_the_grid_are_followed(monkeypatch):
    """Also where the diagram would fall apart before: the whole certificate is made on the map."""
    monkeypatch.setattr("netphysics.knots.reidemeister.lines.collapse", lambda drawing: None)
    around = 0
    for seed in range(12):
        random = Random(seed)
        diagram = inflate(Diagram((), (), 1), random.randint(4, 24), random)
        walk = simplify(arc_presentation(diagram), 10**6, seed=seed).certificate
        around += any(
            move.name == "exchange" and not 0 <= move.place + move.number < len(walk.start) for move in walk.moves
        )
        check(reidemeister_moves(diagram, walk))
    assert around > 2


def test_untie_gives_them_on_request():
    assert untie("-1 2 3").reidemeister is None
    found = untie("-1 2 3", reidemeister=True)
    assert [move.name for move in found.reidemeister.moves] == ["R1-"] * 3
    assert untie("1 1 1", reidemeister=True).reidemeister is None
    assert untie("0_1", reidemeister=True).reidemeister == ReidemeisterCertificate((), ())


@pytest.mark.parametrize(
    ("start", "moves", "sentence"),
    [
        (TREFOIL, [], "the certificate ends at a diagram with crossings, of which there are 3"),
        (TREFOIL, [("R1-", 0, 0)], "move 0 of the certificate, ('R1-', 0, 0, 0, 0), is not what it says"),
        (TREFOIL, [("R2-", 0, 0)], "move 0"),
        (TREFOIL, [("R2-", 0, 1)], "move 0"),
        (TREFOIL, [("R3", 0, 0)], "move 0"),
        (TREFOIL, [("R3", 0, 1)], "move 0"),
        (TREFOIL, [("R3", 3, 0)], "move 0"),
        (TREFOIL, [("R1-", 0, 4)], "move 0"),
        (TREFOIL, [("R4", 0, 0)], "move 0"),
        # An edge across itself, edges without a common face, and a kink of no kind.
        (TREFOIL, [("R2+", 0, 0, 0, 0)], "move 0"),
        (TREFOIL, [("R2+", 0, 0, 0, 2)], "move 0"),
        (TREFOIL, [("R1+", 0, 0, 2, 0)], "move 0"),
        (TWIST, [("R1-", 1, 1), ("R1-", 1, 1)], "move 1"),
        (TWIST, [("R1-", 0, 0)], "move 0"),
        (((1, 1, 2, 3),), [], "the certificate starts at rows that are no PD code"),
        (((1, 2, 1, 2),), [], "the certificate starts at a PD code that is no knot in the plane"),
        (((1, 3, 2, 4), (3, 1, 4, 2)), [], "the certificate starts at a PD code that is no knot in the plane"),
    ],
)
def test_the_checker_is_not_fooled(start, moves, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        check(ReidemeisterCertificate(start, tuple(ReidemeisterMove(*move) for move in moves)))


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_no_move_that_the_checker_allows_changes_the_knot(seed):
    """Random moves on the trefoil: what it lets through keeps the genus and the Jones polynomial."""
    random = Random(seed)
    moves: list[ReidemeisterMove] = []
    for _ in range(30):
        *_, rows = replay(ReidemeisterCertificate(TREFOIL, tuple(moves)))
        names = ("R1-", "R2-", "R3", "R3", "R3") if len(rows) > 8 else ("R1+", "R2+", "R3", "R2-")
        crossings = [random.choice(list(rows)) for _ in range(2)]
        tried = ReidemeisterMove(random.choice(names), crossings[0], random.randrange(4))
        if tried.name == "R1+":
            tried = tried._replace(other=random.randrange(2), other_slot=random.randrange(2))
        elif tried.name == "R2+":
            tried = tried._replace(other=crossings[1], other_slot=random.randrange(4))
        try:
            *_, rows = replay(ReidemeisterCertificate(TREFOIL, (*moves, tried)))
        except ValueError:
            continue
        moves.append(tried)
    diagram = Diagram.of_pd(list(rows.values()))
    assert diagram.components == 1 and jones(diagram) == jones(Diagram.of_pd(TREFOIL))


def test_what_cannot_be_translated_is_refused(monkeypatch):
    monkeypatch.setattr("netphysics.knots.reidemeister.lines.collapse", lambda drawing: None)
    culprit = HARD["culprit"]
    presentation = arc_presentation(culprit)
    for certificate, sentence in (
        (simplify(presentation, 1).certificate, "it must end at the trivial arc presentation"),
        (ArcCertificate(((0, 1), (0, 1)), (), ((0, 1), (0, 1))), "the certificate starts at another arc presentation"),
    ):
        with pytest.raises(ValueError, match=re.escape(sentence)):
            reidemeister_moves(culprit, certificate)
    shifted = certify(presentation, [Move("shift", "row", 0, 1)])
    certificate = shifted.then(simplify(arc_presentation(culprit)).certificate)
    with pytest.raises(ValueError, match="the certificate has the move shift row 0"):
        reidemeister_moves(culprit, certificate)
