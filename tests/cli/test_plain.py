"""Output where the locale knows no more than ASCII."""

import io
import sys

import pytest

from netphysics.cli import main
from netphysics.cli.plain import plain


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [
        ("● 2 / λ_max ± 3 — so", "* 2 / lambda_max +- 3 - so"),
        ("J Jᵀ·x ≤ 10²", "J J^T*x <= 102"),
        ("Möbius 漢", "Mobius ?"),
        ("plain", "plain"),
    ],
)
def test_signs_that_come_nearest(text, ascii_text):
    assert plain(text) == ascii_text


def test_a_command_does_not_die_of_its_own_signs(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["diagnose", "--widths", "4", "8x2", "2", "--activation", "tanh"]) == 0
    sys.stdout.flush()
    first, *_ = raw.getvalue().decode("ascii").splitlines()
    assert first.startswith(("* ", "! "))
