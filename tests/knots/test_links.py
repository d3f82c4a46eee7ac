"""Links of several components: against LinkInfo, and by what must hold for any of them."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.cli import main
from netphysics.knots import LinkSummary, read, summarize
from netphysics.knots.braids import Braid, Diagram, braid_of
from netphysics.knots.invariants import (
    Laurent,
    alexander,
    alexander_of_link,
    determinant,
    in_halves,
    jones_of_link,
    linking_matrix,
    signature,
)

LINKINFO = json.loads((Path(__file__).parents[1] / "reference" / "linkinfo.json").read_text())["links"]
Z = Laurent((-1, 0, 1), -1)


def added(one: Laurent, other: Laurent) -> Laurent:
    lowest, highest = min(one.lowest, other.lowest), max(one.highest, other.highest)
    total = [0] * (highest - lowest + 1)
    for polynomial in (one, other):
        for k, c in enumerate(polynomial.coefficients):
            total[polynomial.lowest + k - lowest] += c
    return Laurent(total, lowest)


def of_conway(row: dict | None) -> Laurent:
    """Conway's polynomial at z = t^(1/2) - t^(-1/2)."""
    total = Laurent(())
    for k, c in enumerate(row["coefficients"] if row else ()):
        power = Laurent((c,))
        for _ in range(row["lowest"] + k):
            power = power * Z
        total = added(total, power)
    return total


@pytest.mark.parametrize("name", LINKINFO)
def test_links_to_seven_crossings_agree_with_linkinfo(name):
    row = LINKINFO[name]
    diagram = Diagram.of_pd(row["pd"])
    for link in (Braid(row["braid"]), diagram, braid_of(diagram)):
        braid = link if isinstance(link, Braid) else braid_of(link)
        assert jones_of_link(link) == Laurent(**row["jones"])
        assert alexander_of_link(braid) == of_conway(row["conway"])
        assert determinant(link) == row["determinant"] and signature(link) == row["signature"]
        found = linking_matrix(link)
        assert sorted(map(sorted, found)) == sorted(map(sorted, row["linking"]))
    assert [list(line) for line in linking_matrix(diagram)] == row["linking"]
    assert name in summarize(diagram).alike


def some_braid(random: Random) -> Braid:
    strands = random.randint(2, 5)
    return Braid([random.choice((-1, 1)) * random.randrange(1, strands) for _ in range(random.randint(1, 12))], strands)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_skein_relations(seed):
    """Links that differ in one crossing: V(+)/t - t V(-) = z V(0) and D(+) - D(-) = z D(0), z = t^(1/2) - t^(-1/2)."""
    random = Random(seed)
    braid = some_braid(random)
    k = random.randrange(len(braid))
    size = abs(braid.letters[k])
    plus, minus, smoothed = (
        Braid([*braid.letters[:k], *letter, *braid.letters[k + 1 :]], braid.strands) for letter in ([size], [-size], [])
    )
    negative = Laurent((-1,))
    difference = added(jones_of_link(plus) * Laurent((1,), -2), negative * jones_of_link(minus) * Laurent((1,), 2))
    assert difference == Z * jones_of_link(smoothed)
    difference = added(alexander_of_link(plus), negative * alexander_of_link(minus))
    assert difference == Z * alexander_of_link(smoothed)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_invariants_of_links_agree_with_each_other(seed):
    braid = some_braid(Random(seed))
    diagram = Diagram.of_braid(braid)
    polynomial = alexander_of_link(braid)
    if braid.components == 1:
        in_t = alexander(braid)
        assert polynomial == Laurent([c for k in in_t.coefficients for c in (k, 0)], 2 * in_t.lowest)
    if not diagram.is_connected:
        assert not polynomial.coefficients
        return
    # At t = -1 powers of t^(1/2) are powers of i.
    powers = {polynomial.lowest + k: c for k, c in enumerate(polynomial.coefficients)}
    assert determinant(braid) == abs(sum(c * (-1) ** (power // 2) for power, c in powers.items()))
    assert signature(braid.mirror) == -signature(braid)
    assert jones_of_link(diagram.mirror) == jones_of_link(braid).reversed == jones_of_link(braid.mirror)
    assert jones_of_link(braid_of(diagram)) == jones_of_link(braid)
    assert linking_matrix(braid.mirror) == tuple(tuple(-x for x in row) for row in linking_matrix(braid))


@pytest.mark.parametrize(
    ("text", "jones", "linking"),
    [
        ("hopf link", "-t^(1/2) - t^(5/2)", [[0, 1], [1, 0]]),
        ("1 1", "-t^(1/2) - t^(5/2)", [[0, 1], [1, 0]]),
        ("PD[X[4,1,3,2],X[2,3,1,4]]", "-t^(-5/2) - t^(-1/2)", [[0, -1], [-1, 0]]),
        ("T(2,4)", "-t^(3/2) - t^(7/2) + t^(9/2) - t^(11/2)", [[0, 2], [2, 0]]),
        (
            "whitehead link",
            "t^(-7/2) - 2 t^(-5/2) + t^(-3/2) - 2 t^(-1/2) + t^(1/2) - t^(3/2)",
            [[0, 0], [0, 0]],
        ),
        ("1 -2 1 -2 1 -2", "-t^-3 + 3 t^-2 - 2 t^-1 + 4 - 2 t + 3 t^2 - t^3", [[0] * 3] * 3),
        ("Borromean rings", "-t^-3 + 3 t^-2 - 2 t^-1 + 4 - 2 t + 3 t^2 - t^3", [[0] * 3] * 3),
        ("6³₂", "-t^-3 + 3 t^-2 - 2 t^-1 + 4 - 2 t + 3 t^2 - t^3", [[0] * 3] * 3),
        ("T(3,3)", "t^2 + t^4 + 2 t^6", [[0, 1, 1], [1, 0, 1], [1, 1, 0]]),
        ("mL6n1{0,1}", "t^2 + t^4 + 2 t^6", [[0, 1, 1], [1, 0, 1], [1, 1, 0]]),
        ("BR[3, {1}]", "-t^(-1/2) - t^(1/2)", [[0, 0], [0, 0]]),
    ],
)
def test_links_as_people_write_them(text, jones, linking):
    found = summarize(text)
    assert isinstance(found, LinkSummary) and found.components == len(linking)
    assert in_halves(found.jones) == jones and found.to_json()["linking"] == linking


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("L9a99", "there is no link L9a99 in the table"),
        ("L12a1", "prime links to nine crossings"),
        ("DT[(6,8),(2,4)]", "the DT code is a link of 2 components"),
        ("Gauss[[1,-2],[2,-1]]", "the Gauss code is a link of 2 components"),
        ("P(2,2,2)", "P.2,2,2. is a link of 3 components"),
        ("P(3,3)", "P.3,3. is a link of 2 components"),
        ("[[6,2,7,1],[5,3,8,4],[2,8,3,7],[4,6,1,5]]", "runs along its component against another one"),
    ],
)
def test_links_are_not_guessed(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        read(text)


def test_the_command_shows_links(capsys, tmp_path):
    assert main(["knot", "whitehead", "link", "--out", str(tmp_path / "link.html")]) == 0
    shown = capsys.readouterr().out
    assert "A link of 2 components with the invariants of L5a1 (the Whitehead link)" in shown
    assert "linking numbers  components 1 and 2: 0" in shown
    assert "<msup>" in (tmp_path / "link.html").read_text()
    networks = tmp_path / "networks.npz"
    networks.touch()
    assert main(["knot", "1 1", "--classifier", str(networks)]) == 2
    assert "this is a link of 2 components" in capsys.readouterr().err
