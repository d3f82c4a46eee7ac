"""Symbols that formulas of several studies of shape share, and what they mean."""

from __future__ import annotations

PHASE_SPACE = (("P_n", "phase space of $n$ particles"), ("S^{3n-4}", "sphere of dimension $3n-4$"))
AUTOENCODER = (("E, D", "encoder and decoder"),)
