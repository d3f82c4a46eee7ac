"""Options say what they accept; cells of a grid have names that keys depend on."""

from dataclasses import dataclass

import numpy as np
import pytest

from netphysics.blocks import Cell
from netphysics.lab import StudyConfig, agreement, gather, grid, option
from netphysics.stats import Estimate


@dataclass(frozen=True)
class Parent(StudyConfig):
    """Options of a test."""

    width: int = option(8, least=4)
    step: float = option(0.5, above=0, below=2)
    spread: float | None = option(None, least=0)
    share: float = option(0.5, between=(0.1, 0.9))
    words: int = option(64, least=64, multiple=2)
    widths: tuple[int, ...] = option((2, 4), least=2, rising=True, entries=2)
    names: tuple[str, ...] = option(("a", "b"), distinct=True)


@dataclass(frozen=True)
class Child(Parent):
    """Options with another default."""

    width: int = 16
    block_size: int = 64


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": 3}, "width is 3; it must be at least 4"),
        ({"step": 0.0}, r"step is 0\.0; it must be greater than 0"),
        ({"step": 2.0}, r"step is 2\.0; it must be less than 2"),
        ({"step": float("inf")}, "step is inf; it must be finite"),
        ({"spread": -1.0}, r"spread is -1\.0; it must be at least 0"),
        ({"share": 1.0}, r"share is 1\.0; it must lie between 0\.1 and 0\.9"),
        ({"words": 65}, "words is 65; it must be a multiple of 2"),
        ({"widths": (3,)}, r"widths is \(3,\); it needs at least 2 entries"),
        ({"widths": (4, 4)}, r"widths is \(4, 4\); it must rise"),
        ({"widths": (1, 4)}, r"widths is \(1, 4\); each must be at least 2"),
        ({"names": ("a", "a")}, r"names is \('a', 'a'\); it needs at least one entry, and none twice"),
        ({"names": ()}, "names is empty; it needs at least one entry"),
        ({"draws": 0}, "draws is 0; it must be at least 1"),
        ({"block_size": 0}, "block_size is 0; it must be at least 1"),
        ({"width": 2**31}, "width is 2147483648; it must be less than 2"),
        ({"draws": 2**32}, "draws is 4294967296; it must be less than 4294967296"),
        (
            {"draws": 2**31, "block_size": 1},
            "draws = 2147483648 in blocks of 1 makes 2,147,483,648; at most 1,000,000 blocks",
        ),
        ({"seed": -1}, "seed is -1; it must lie between 0 and 4294967295"),
    ],
)
@pytest.mark.parametrize("config", [Parent, Child])
def test_a_value_that_is_not_accepted_is_refused_in_one_sentence(config, changes, message):
    config(draws=100_000)
    with pytest.raises(ValueError, match=f"^{message}"):
        config(**changes)


def test_cells_of_a_grid_are_named_by_their_values():
    cells = grid(law=("gaussian", "orthogonal"), slope=(0.0, -0.5, 1))
    assert [cell.name for cell in cells[:3]] == ["gaussian-0", "gaussian--0.5", "gaussian-1"]
    assert cells[4]["law"] == "orthogonal" and cells[4]["slope"] == -0.5
    assert [cell.name for cell in grid("{a}_N={width}", a=("erf",), width=(5, 10))] == ["erf_N=5", "erf_N=10"]


def test_an_agreement_is_about_all_cells():
    cells = grid(width=(1, 2))
    predicted = {"1": {"a": Estimate.exact(1.0)}, "2": {"a": Estimate.exact(2.0)}}
    measured = {name: {"a": Estimate(each["a"].value, 0.1, 10)} for name, each in predicted.items()}
    claim = agreement("a", "A holds", predicted, measured, cells, "theory", "a test")
    assert claim.verdict == "agrees"
    assert claim.expected.value.tolist() == [1.0, 2.0]
    arrays = {"1": {"a": Estimate.exact(np.ones(2))}, "2": {"a": Estimate.exact(np.ones(3))}}
    assert gather(arrays, "a", [Cell("1"), "2"]).shape == (5,)
