"""Formulas in sentences: found, typeset, and plain in the terminal."""

import pytest

from netphysics.lab.formulas import element, formula, literal, segments, unicode


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("$G_c^{(4)}$ falls as $1/N$", "G_c⁽⁴⁾ falls as 1/N"),
        (r"$\chi_\parallel^2 V$ and chi_par, M_bar, |y|^p", "χ_∥²V and χ_∥, M̄, |y|ᵖ"),
        ("to 5e-3, or 4.0(9)e-07", "to 5×10⁻³, or 4.0(9)×10⁻⁷"),
        (r"$\arg\max\, [xR; -xR]$", "arg max [xR;−xR]"),
        (r"$\sqrt{2\pi K}$, $\frac{1}{2}$, $\frac{A_4}{A_2^2}$", "√(2πK), ½, A₄/A₂²"),
        (r"$\mathrm{Var}(z^2)/K^2 = 2$", "Var(z²)/K² = 2"),
        ("the trefoil 3_1, and m10_161", "the trefoil 3₁, and m10₁₆₁"),
        ("2^n words, d_in inputs", "2ⁿ words, dᵢₙ inputs"),
        ("`run --x_y`, file_name, netphysics.lab, e-3", "run --x_y, file_name, netphysics.lab, e-3"),
        (r"$\frac{n}{n+2} (1 + 3)$", "(n/(n+2))(1+3)"),
        (r"$V^{\prime\prime}$", "V′′"),
    ],
)
def test_a_sentence_in_plain_unicode(text, plain):
    assert unicode(text) == plain


def test_what_cannot_be_read_stays_as_it_is():
    assert formula(r"\frac{1}{") == r"\frac{1}{"
    with pytest.raises(ValueError, match="it cannot be read as LaTeX"):
        element(r"\frac{1}{")


def test_parts_of_a_sentence():
    assert list(segments("a `b` $c$")) == [("text", "a "), ("code", "b"), ("text", " "), ("math", "c")]


def test_commands_that_are_not_known_are_words():
    assert "\\" not in formula(r"\sgn(x) + \arg z")


@pytest.mark.parametrize("latex", [r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\class{letter}{x}"])
def test_a_formula_has_neither_links_nor_styles(latex):
    with pytest.raises(ValueError, match="it holds more than mathematics"):
        element(latex)


def test_names_from_outside_begin_no_formula():
    name = "in US$ (100% of $)"
    assert list(segments(f"It holds {literal(name)}, which is $x$")) == [
        ("text", f"It holds {name}, which is "),
        ("math", "x"),
    ]
