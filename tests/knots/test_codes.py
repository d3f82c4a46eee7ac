"""Codes of knots: what is read, what is refused, and with which sentence."""

import itertools
import json
import runpy
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from random import Random

import numpy as np
import pytest

from netphysics.cli import main
from netphysics.knots import identify, read, summarize
from netphysics.knots.braids import Braid, Diagram, draw_braid, draw_closure, draw_diagram
from netphysics.knots.braids.diagram_drawing import layout
from netphysics.knots.notation import write_pd

KNOTINFO = Path(__file__).parents[1] / "reference" / "knotinfo.json"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1 -2 1 -2", "4_1"),
        ("[1, 1, 1]", "3_1"),
        ("{-1,-1,-1}", "m3_1"),
        ("PD[X[1,5,2,4], X[3,1,4,6], X[5,3,6,2]]", "3_1"),
        ("[[1,5,2,4],[3,1,4,6],[5,3,6,2]]", "3_1"),
        ("DT: 4 6 8 2", "4_1"),
        ("1 -2 1 -2 3 3 3 4 -3 4", "4_1#5_2"),
        ("PD[X[0,4,1,3],X[2,0,3,5],X[4,2,5,1]]", "3_1"),
        ("[(2,4,1,5),(4,6,3,1),(6,2,5,3)]", "3_1"),
        ("[[1,5,12,6],[6,12,7,11],[9,10,10,11],[8,1,9,4],[7,5,8,4]]", "0_1"),
        ("[[-7,-7,40,40]]", "0_1"),
    ],
)
def test_codes_are_read(text, name):
    knot = read(text)
    assert identify(knot).name == name
    if not isinstance(knot, Braid) and len(knot):
        assert identify(read(write_pd(knot))).name == name


@pytest.mark.parametrize("name", ["3_1", "5_2", "6_2", "7_6", "8_19"])
def test_pd_codes_need_no_order(name):
    """Labels of any kind, rows in any order, that begin with either edge of the strand below; clockwise is a mirror."""
    random = Random(name)
    rows = json.loads(KNOTINFO.read_text())["knots"][name]["pd"]
    labels = random.sample(range(-99, 99), 2 * len(rows))
    for _ in range(4):
        new = [[labels[label - 1] for label in (row[2:] + row[:2] if random.random() < 0.5 else row)] for row in rows]
        random.shuffle(new)
        assert identify(Diagram.of_pd(new)).name == name
        clockwise = [[a, d, c, b] for a, b, c, d in new]
        assert identify(Diagram.of_pd(clockwise)).name == "m" + name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 0 2", "letter 2 of the braid word is 0"),
        ("1 x", "letter 2 of the braid word is 'x'; it must be an integer"),
        ("1.5 2", r"letter 1 of the braid word is '1\.5'"),
        ("PD[X[1,5,2,4],X[3,1,4,6],X[5,3,6]]", "crossing 3 of the PD code has 3 labels"),
        ("PD[X[1,5,2,4],X[3,1,4,6],X[5,3,6,7]]", "label 2 of the PD code occurs once, at crossing 1"),
        ("[[1,5,2,4],[4,3,1,6],[5,3,6,2]]", "crossing 2 of the PD code is malformed"),
        ("[[1,5,2,4],[3,6,4,1],[5,3,6,2]]", "crossing 3 of the PD code does not fit into the plane"),
        (
            "[[6,2,7,1],[5,3,8,4],[2,8,3,7],[4,6,1,5]]",
            "crossing 2 of the PD code runs along its component",
        ),
        ("DT 4 6", "entry 2 of the DT code is 6"),
    ],
)
def test_bad_codes_are_refused(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        summarize(text)


def test_drawings_are_svg_with_a_gap_at_each_crossing():
    braid = Braid([1, -2, 1, -2])
    for draw in (draw_braid, draw_closure):
        root = ET.fromstring(draw(braid))
        paths = [element.get("d") for element in root.iter("{http://www.w3.org/2000/svg}path")]
        assert sum(path.count("M") for path in paths) == len(braid) + (len(paths) if draw is draw_braid else 0)


@pytest.mark.parametrize("name", ["3_1", "4_1", "7_4", "8_19", "L6a4", "1 -2 -1 2 3", "T(3,8)", "1 -2 3 -2 -2"])
def test_strands_of_a_drawing_cross_at_crossings_only(name):
    """Lines of the layout cut each other nowhere, and leave crossings in the order of the code."""
    knot = read(name)
    diagram = Diagram.of_braid(knot) if isinstance(knot, Braid) else knot
    found = layout(diagram)
    z, lines = found.places, []
    for end, other in diagram.other_end.items():
        if end < other:
            lines += itertools.pairwise([end[0], *found.beads[end], other[0]])
    for (a, b), (c, d) in itertools.combinations(lines, 2):
        if len({a, b, c, d}) == 4:
            sides = [
                ((q - p).conjugate() * (r - p)).imag
                for p, q, r in ((z[a], z[b], z[c]), (z[a], z[b], z[d]), (z[c], z[d], z[a]), (z[c], z[d], z[b]))
            ]
            assert sides[0] * sides[1] > 0 or sides[2] * sides[3] > 0
    for k in range(len(diagram)):
        spokes = [z[found.beads[k, slot][0]] - z[k] for slot in range(4)]
        turns = [np.angle(after / before) for before, after in itertools.pairwise([*spokes, spokes[0]])]
        assert min(turns) > 0.5 and sum(turns) == pytest.approx(2 * np.pi)


def test_drawings_have_a_gap_at_each_crossing_and_a_path_for_each_component():
    for name, paths, strokes in (("hopf link", 2, 2), ("8_19", 1, 8), ("BR[4, {1,1,1}]", 3, 5), ("0_1", 1, 1)):
        knot = read(name)
        root = ET.fromstring(draw_diagram(Diagram.of_braid(knot) if isinstance(knot, Braid) else knot))
        found = [element.get("d") for element in root.iter("{http://www.w3.org/2000/svg}path")]
        assert len(found) == paths and sum(path.count("M") for path in found) == strokes, name
    with pytest.raises(ValueError, match="41 crossings; diagrams are drawn up to 40"):
        draw_diagram(Diagram.of_braid(Braid([1] * 41)))


def test_an_examination_says_what_is_known():
    found = summarize("1 -2 1 -2").to_json()
    assert found["name"] == "4_1" and found["unknot"]["answer"] == "no" and found["determinant"] == 5
    found = summarize("1 -2 -1 2 3").to_json()
    assert found["name"] == "0_1" and found["unknot"]["certificate"]["end"] == [[0, 1], [0, 1]]
    # 10_132 has the Jones and the Alexander polynomial of 5_1.
    found = summarize("1 1 1 -2 -1 -1 -2 -3 2 -3 -3")
    assert found.name is None


def test_the_example_of_the_documentation_runs(capsys):
    root = Path(__file__).parents[2]
    script = (root / "examples" / "knots.py").read_text()
    assert script.split('"""\n\n', 1)[1] in (root / "docs" / "knots.md").read_text()
    runpy.run_path(str(root / "examples" / "knots.py"))
    expected = [line.rsplit("  # ", 1)[1] for line in script.splitlines() if line.startswith("print")]
    assert capsys.readouterr().out.splitlines() == expected


@pytest.mark.parametrize("suffix", [".svg", ".html"])
def test_the_command_knows_knots_and_needs_no_jax(suffix, tmp_path):
    path = tmp_path / f"trefoil{suffix}"
    words = ["knot", "1", "1", "1", "--json", "--out", str(path)]
    script = f"import sys; sys.modules['jax'] = None; from netphysics.cli import main; sys.exit(main({words}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["name"] == "3_1"
    assert "<svg" in path.read_text()


def test_the_command_refuses_in_one_sentence(capsys):
    assert main(["knot", "1 0 1"]) == 2
    assert capsys.readouterr().err == "netphysics: letter 2 of the braid word is 0; letters are ±1, ±2, ...\n"
    assert main(["knot", "1 1 1", "--out", "trefoil.pdf"]) == 2
    assert main(["knot", "1 -2 1 -2"]) == 0
    assert capsys.readouterr().out.startswith("4_1\n")


def test_what_is_too_large_for_one_invariant_still_has_the_others():
    found = summarize("T(2,303)")
    assert found.signature is None and found.determinant == 303 and found.unknot.answer == "no"
