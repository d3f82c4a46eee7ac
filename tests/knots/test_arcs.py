"""Arc presentations: the knot that was given, which no move changes, and a checker that is not fooled."""

import json
import re
import runpy
import xml.etree.ElementTree as ET
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.knots.arcs import (
    ArcCertificate,
    ArcPresentation,
    Move,
    apply,
    apply_all,
    arc_presentation,
    certify,
    check,
    destabilizations,
    draw_arcs,
    exchanges,
    exhaust,
    grow,
    replay,
    simplify,
    stabilizations,
    summands,
    visible_summands,
)
from netphysics.knots.braids import Braid, Diagram, inflate
from netphysics.knots.invariants import Laurent, alexander, identify, jones, prime_knots
from netphysics.knots.invariants.wirtinger import alexander_of_diagram, has_trivial_alexander, seems_knotted
from netphysics.knots.published import arc_indices, hard_unknots

REFERENCE = Path(__file__).parents[1] / "reference"
KNOTINFO = json.loads((REFERENCE / "knotinfo.json").read_text())["knots"]
TREFOIL = arc_presentation(Braid([1, 1, 1]))
SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("name", KNOTINFO)
def test_the_knot_is_the_one_that_was_given(name):
    """Chirality included, with two more arcs than crossings, from a diagram and from a braid."""
    row = KNOTINFO[name]
    for knot in (Diagram.of_pd(row["pd"]), Braid(row["braid"])):
        presentation = arc_presentation(knot)
        assert len(presentation) == len(knot) + 2
        assert jones(presentation.diagram) == Laurent(**row["jones"])
        assert alexander_of_diagram(presentation.diagram) == Laurent(**row["alexander"])


@pytest.mark.parametrize("unknot", hard_unknots(), ids=lambda unknot: unknot.name)
def test_hard_unknots_have_two_more_arcs_than_crossings(unknot):
    assert len(arc_presentation(unknot.diagram)) == len(unknot.diagram) + 2


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_no_move_changes_the_knot(seed):
    random = Random(seed)
    presentation, moves = TREFOIL, []
    for _ in range(12):
        size = len(presentation)
        kind, number = random.choice(("column", "row")), random.randrange(size)
        choices = [Move("shift", kind, 0, number)]
        choices += random.sample(list(exchanges(presentation)), 1) if list(exchanges(presentation)) else []
        choices += list(destabilizations(presentation))[:1]
        if size < 9:
            choices += random.sample(list(stabilizations(presentation)), 1)
        moves.append(random.choice(choices))
        presentation = apply(presentation, moves[-1])
        assert len(presentation) - size == {"stabilize": 1, "destabilize": -1}.get(moves[-1].name, 0)
    diagram = presentation.diagram
    assert jones(diagram) == Laurent((1, 0, 1, -1), 1)
    assert alexander_of_diagram(diagram) == Laurent((1, -1, 1), -1)
    certificate = certify(TREFOIL, moves)
    check(certificate)
    assert ArcCertificate.from_json(json.loads(json.dumps(certificate.to_json()))) == certificate


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_carrying_a_line_is_exchanging_neighbors(seed):
    random = Random(seed)
    presentation = grow(TREFOIL, 9, random)
    moves = [move for move in exchanges(presentation) if move.kind == "column"]
    if moves:
        move = random.choice(moves)
        back = Move("exchange", "column", (move.place + 1) % 9, -1)
        assert apply_all(presentation, [move, back]) == presentation


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_disguises_do_not_change_the_knot(seed):
    random = Random(seed)
    diagram = inflate(Diagram.of_braid(Braid([1, 1, 1])), 11, random)
    assert len(diagram) in (11, 12) and jones(diagram) == Laurent((1, 0, 1, -1), 1)
    presentation = arc_presentation(diagram)
    assert jones(presentation.diagram) == jones(diagram)
    walk = simplify(presentation, 3000, seed=seed % 100)
    check(walk.certificate)
    assert certify(presentation, walk.certificate.moves) == walk.certificate
    assert jones(walk.smallest.diagram) == jones(diagram)


@pytest.mark.parametrize(
    ("moves", "end", "sentence"),
    [
        ([Move("exchange", "column", 0, 1)], TREFOIL.arcs, "move 0 of the certificate"),
        ([Move("destabilize", "row", 2)], TREFOIL.arcs, "move 0 of the certificate"),
        ([Move("destabilize", "row", 7)], TREFOIL.arcs, "move 0 of the certificate"),
        ([Move("shift", "row", 0, 2), Move("exchange", "row", 1, 0)], TREFOIL.arcs, "move 1 of the certificate"),
        ([], ((0, 1), (0, 1)), "the certificate ends at"),
    ],
)
def test_the_checker_is_not_fooled(moves, end, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        check(ArcCertificate(TREFOIL.arcs, tuple(moves), end))


def test_the_checker_refuses_a_start_that_is_no_link():
    with pytest.raises(ValueError, match="no arc presentation"):
        check(ArcCertificate(((0, 1), (0, 2), (0, 2)), (), ((0, 1), (0, 1))))


def test_what_is_no_arc_presentation_is_refused():
    with pytest.raises(ValueError, match=re.escape("arc 1 is [2, 2]; it must join two different rows")):
        ArcPresentation([(0, 1), (2, 2), (0, 1)])
    with pytest.raises(ValueError, match="3 arcs must use each of their rows twice"):
        ArcPresentation([(0, 1), (0, 2), (0, 2)])
    with pytest.raises(ValueError, match="the number of arcs is 1"):
        ArcPresentation([(0, 1)])
    with pytest.raises(ValueError, match="link of 2 components"):
        simplify(ArcPresentation([(0, 1), (0, 1), (2, 3), (2, 3)]))


@pytest.mark.parametrize("name", ["3_1", "4_1", "5_2", "6_1", "7_7", "8_19"])
def test_exhaustion_tells_small_knots(name):
    for knot in (Braid(KNOTINFO[name]["braid"]), Diagram.of_pd(KNOTINFO[name]["pd"])):
        found = exhaust(simplify(arc_presentation(knot), 3000).smallest)
        assert found.complete and not found.shrinks and found.count < 200


def test_exhaustion_finds_what_shrinks():
    unknot = grow(ArcPresentation([(0, 1), (0, 1)]), 7, Random(1))
    assert exhaust(unknot).shrinks
    assert exhaust(ArcPresentation([(0, 1), (0, 1)])) == (1, True, False)


@pytest.mark.parametrize(("one", "other"), [("3_1", "3_1"), ("3_1", "4_1"), ("5_1", "6_2"), ("7_4", "8_19")])
def test_connected_sums_are_told(one, other):
    braid = Braid(KNOTINFO[one]["braid"]).connected_sum(Braid(KNOTINFO[other]["braid"]))
    found = summands(arc_presentation(braid))
    assert sorted(identify(part.diagram).name for part in found) == sorted((one, other))
    assert visible_summands(simplify(arc_presentation(Braid(KNOTINFO[one]["braid"])), 1000).smallest) is None


def test_a_replay_shows_every_diagram():
    certificate = simplify(arc_presentation(hard_unknots()[1].diagram)).certificate
    sizes = [len(columns) for columns in replay(certificate)]
    assert len(sizes) == len(certificate.moves) + 1 and sizes[0] == 12 and sizes[-1] == 2


def test_a_drawing_breaks_each_horizontal_line_at_its_crossings():
    path = ET.fromstring(draw_arcs(TREFOIL)).find("{http://www.w3.org/2000/svg}path").get("d")
    assert path.count("M") == 2 * len(TREFOIL) + len(TREFOIL.crossings)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_both_ways_to_the_alexander_polynomial_agree(seed):
    random = Random(seed)
    braid = Braid((), 1)
    while braid.components > 1 or len(braid) < 9:
        braid = Braid([random.choice((-1, 1)) * random.randint(1, 3) for _ in range(random.randint(9, 14))], 4)
    diagram = Diagram.of_braid(braid)
    assert alexander_of_diagram(diagram) == alexander(braid)
    assert has_trivial_alexander(diagram) == (alexander(braid) == Laurent((1,), 0))


def test_the_determinant_gives_a_hint():
    """Of the prime knots to nine crossings none has determinant 1, and every unknot has."""
    assert all(seems_knotted(Diagram.of_braid(Braid(row["braid"]))) for row in KNOTINFO.values())
    unknots = [unknot.diagram for unknot in hard_unknots()] + [Diagram((), (), 1), Diagram.of_braid(Braid([1]))]
    assert not any(map(seems_knotted, unknots))


def test_arc_indices_are_reached_and_not_passed():
    """All prime knots to nine crossings, from KnotInfo's braids."""
    known = [knot for knot in arc_indices() if knot.crossings <= 9]
    assert [knot.name for knot in known] == [knot.name for knot in prime_knots()]
    for knot in known:
        presentation = arc_presentation(knot.braid)
        sizes = (len(simplify(presentation, 1500, seed=seed).smallest) for seed in range(8))
        for size in sizes:
            assert size >= knot.arcs
            if size == knot.arcs:
                break
        assert size == knot.arcs, knot.name


def test_the_example_of_the_documentation_runs(capsys):
    root = Path(__file__).parents[2]
    script = (root / "examples" / "unknot.py").read_text()
    assert script.split('"""\n\n', 1)[1] in (root / "docs" / "knots.md").read_text()
    runpy.run_path(str(root / "examples" / "unknot.py"))
    expected = [line.rsplit("  # ", 1)[1] for line in script.splitlines() if line.startswith("print")]
    assert capsys.readouterr().out.splitlines() == expected
