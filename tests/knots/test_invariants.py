"""Invariants against KnotInfo, against each other, and against every move."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.knots.braids import Braid, Diagram, Move, apply, braid_of, moves_at
from netphysics.knots.invariants import (
    Laurent,
    alexander,
    alexander_value,
    determinant,
    identify,
    jones,
    jones_of_link,
    prime_knots,
    signature,
    table,
)
from netphysics.knots.notation import of_dt
from netphysics.knots.priors import uniform_knot

KNOTINFO = json.loads((Path(__file__).parents[1] / "reference" / "knotinfo.json").read_text())["knots"]


SEEDS = st.integers(0, 2**32)


def some_knot(seed: int, most_strands: int = 12, most_letters: int = 26) -> Braid:
    """A word of 2 to `most_strands` strands whose closure is a knot."""
    generator = np.random.default_rng(seed)
    strands = int(generator.integers(2, most_strands + 1))
    letters = strands - 1 + 2 * int(generator.integers((most_letters - strands) // 2 + 1))
    return uniform_knot(strands, letters, generator=generator)


@pytest.mark.parametrize("name", KNOTINFO)
def test_knots_to_eight_crossings_agree_with_knotinfo(name):
    row = KNOTINFO[name]
    diagram = Diagram.of_pd(row["pd"])
    for knot in (Braid(row["braid"]), diagram, braid_of(diagram)):
        braid = knot if isinstance(knot, Braid) else braid_of(knot)
        assert jones(knot) == Laurent(**row["jones"])
        assert alexander(braid) == Laurent(**row["alexander"])
        assert determinant(knot) == row["determinant"]
        assert signature(knot) == row["signature"]
        assert identify(knot).name == name
    # A DT code does not know a knot from its mirror image.
    assert identify(of_dt(row["dt"])).name in (name, "m" + name)


def test_links():
    assert jones_of_link(Braid([1, 1])) == Laurent((-1, 0, 0, 0, -1), 1)  # the Hopf link: -t^(1/2) - t^(5/2)
    assert jones_of_link(Braid((), 3)) == Laurent((1, 0, 2, 0, 1), -2)  # two more circles: (-t^(1/2) - t^(-1/2))^2
    assert jones_of_link(Braid([1, 1, 1], 3)) == jones_of_link(Braid([2, 2, 2], 3))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SEEDS)
def test_moves_change_no_invariant(seed):
    braid, random = some_knot(seed), Random(seed)
    before = jones(braid), alexander(braid), signature(braid)
    for _ in range(6):
        longer = [Move("stabilize", 0, random.choice((-1, 1)) * braid.strands)]
        if braid.strands > 1:
            longer.append(Move("insert", random.randrange(len(braid) + 1), random.randrange(1, braid.strands)))
        by_name = {move.name: move for move in random.sample([*moves_at(braid), *longer], len([*moves_at(braid)]) + 1)}
        braid = apply(braid, random.choice(list(by_name.values())))
    assert (jones(braid), alexander(braid), signature(braid)) == before


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(3, 6), SEEDS)
def test_exchange_moves_and_flypes_change_no_invariant(strands, seed):
    random = Random(seed)

    def word(length, largest):
        return [random.choice((-1, 1)) * random.randrange(1, largest + 1) for _ in range(length)]

    top, sign, other = strands - 1, random.choice((-1, 1)), random.choice((-1, 1))
    before, between = word(random.randrange(6), top - 1), word(random.randrange(1, 6), top - 1)
    braid = Braid([*before, sign * top, *between, -sign * top], strands)
    moved = apply(braid, Move("exchange", len(before), len(braid) - 1))
    assert moved != braid and jones_of_link(moved) == jones_of_link(braid)
    power = [other * top] * random.randrange(1, 4)
    braid = Braid(
        [*before, *power, *[sign * (top - 1)] * random.randrange(1, 4), random.choice((-1, 1)) * top], strands
    )
    moved = apply(braid, Move("flype", len(before)))
    assert jones_of_link(moved) == jones_of_link(braid)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS, st.integers(2, 2**60))
def test_invariants_agree_with_each_other(seed, t):
    braid = some_knot(seed, 8, 30)
    polynomial = alexander(braid)
    assert polynomial(1) == 1 and polynomial.reversed == polynomial
    assert abs(polynomial(-1)) == abs(jones(braid)(-1)) == determinant(braid)
    assert jones(braid)(1) == 1
    assert jones(braid.mirror) == jones(braid).reversed and signature(braid.mirror) == -signature(braid)
    value = polynomial(t)
    prime = 2**61 - 1
    assert alexander_value(braid, t) == value.numerator * pow(value.denominator, -1, prime) % prime
    # Levine: the signature mod 4 knows the sign of Delta(-1).
    assert (polynomial(-1) > 0) == (signature(braid) % 4 == 0)


def test_the_table_tells_its_knots_apart():
    found = [knot for knots in table().values() for knot in knots]
    assert len({knot.name for knot in found}) == len(found) == 194
    assert len([knot for knot in found if knot.is_prime]) == 161  # 84 knots, of which 7 are their own mirror image
    for knot in found:
        assert identify(knot.braid).name == knot.name
    assert len(prime_knots()) == 84


def test_sizes_beyond_exact_invariants_are_refused():
    generator = np.random.default_rng(3)
    with pytest.raises(ValueError, match=r"402 crossings takes up to .* additions; the limit is 3e\+08"):
        jones(uniform_knot(15, 402, generator=generator))
    with pytest.raises(ValueError, match="1002 letters"):
        alexander(uniform_knot(3, 1002, generator=generator))
    with pytest.raises(ValueError, match="link of 2 components"):
        alexander(Braid([1, 1]))
    with pytest.raises(ValueError, match="t is 1"):
        alexander_value(Braid([1, 1, 1]), 1)
