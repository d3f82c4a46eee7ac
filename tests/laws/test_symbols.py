"""A law of theory: whoever reads a formula is told what every letter in it stands for."""

import re

import pytest

from netphysics.lab import catalog
from netphysics.lab.formulas import element

# What mathematics writes with letters and means nothing of its own, numbers such as e and π among them.
WORDS = {
    *("frac", "tfrac", "sqrt", "sum", "int", "oint", "binom", "infty", "partial", "nabla", "prime", "in", "e", "pi"),
    *("log", "ln", "sin", "cos", "det", "max", "min", "sup", "arg", "arctan", "left", "right", "langle", "rangle"),
    *("quad", "qquad", "cdot", "cdots", "dots", "to", "ge", "ne", "le", "cong", "propto", "sim", "pm", "mp"),
    *("leftarrow", "bar", "hat", "tilde", "dot", "mathbb", "dagger", "parallel", "perp"),
}


def letters(latex: str) -> set[str]:
    """Latin and Greek letters, whatever their accents and indices; upright words are none."""
    upright = re.sub(r"\\(mathrm|text)\s*\{[^{}]*\}", " ", latex)
    return {word.removeprefix("\\") for word in re.findall(r"\\[A-Za-z]+|[A-Za-z]", upright)} - WORDS


def test_letters_of_a_formula():
    assert letters(r"\hat x_{ab} = \frac{\mathrm{tr}\, H}{2 \chi_\perp} e^{-kt}") == {
        "x",
        "a",
        "b",
        "H",
        "chi",
        "k",
        "t",
    }


@pytest.mark.parametrize("name", catalog.names())
def test_every_symbol_is_explained(name):
    equations = catalog.load(name).equations
    symbols = [pair for equation in equations for pair in equation.symbols]
    explained = set().union(*(letters(symbol) for symbol, _ in symbols))
    used = set().union(*(letters(equation.latex) for equation in equations))
    assert used <= explained, f"not explained: {sorted(used - explained)}"
    assert len({symbol for symbol, _ in symbols}) == len(symbols), "a symbol is explained twice"
    for symbol, meaning in symbols:
        assert element(symbol) is not None and meaning
