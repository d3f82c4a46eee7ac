"""Simulated systems with 0 to 4 hidden numbers, and noisy tables of them.

`TUNED` were looked at while the method was made, `KEPT` only when it was finished, `UNSEEN` once, with the version
whose figures are in the documentation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

READINGS = 16


class System(NamedTuple):
    """A system with hidden numbers, and what it shows at a setting.

    Attributes:
        ranges: of the hidden numbers, drawn uniformly; of what is not asked about, as well.
        settings: the range of settings.
        show: hidden numbers and settings to readings; NaN-free.
        number: how many numbers answers depend on.
        readings: what is observed if that is something else.
    """

    ranges: tuple[tuple[float, float], ...]
    settings: tuple[float, float]
    show: Callable[..., np.ndarray]
    number: int
    readings: Callable[..., np.ndarray] | None = None


def chain(t: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Nuclei between two decays of rates a and b."""
    return a / (b - a) * (np.exp(-a * t) - np.exp(-b * t))


TUNED = {
    "unrelated": System(
        ((0.5, 1.5), (1, 4)), (0, 6), lambda t, a, k: np.sin(t) + 0 * a, 0, lambda t, a, k: a * np.cos(k * t)
    ),
    "falling stone": System(((1, 25),), (0, 2), lambda t, g: g * t**2 / 2, 1),
    "thin lens": System(((0.5, 1.5),), (2, 6), lambda d, f: 1 / (1 / f - 1 / d), 1),
    "orbits around a star": System(((0.5, 3),), (0.5, 3), lambda a, m: np.sqrt(a**3 / m), 1),
    "one of two springs": System(
        ((1, 6), (0.5, 1.5), (2, 9)),
        (0, 4),
        lambda t, k, a, w: np.cos(np.sqrt(k) * t),
        1,
        lambda t, k, a, w: np.cos(np.sqrt(k) * t) + a * np.sin(np.sqrt(w) * t),
    ),
    "spring": System(((0.5, 1.5), (1, 4)), (0, 6), lambda t, a, k: a * np.cos(np.sqrt(k) * t), 2),
    "damped pendulum": System(
        ((0.4, 1.2), (4, 12)), (0, 5), lambda t, b, k: np.exp(-b * t / 2) * np.cos(k**0.5 * t), 2
    ),
    "capacitor": System(((1, 3), (0.5, 3)), (0, 4), lambda t, v, tau: v * np.exp(-t / tau), 2),
    "growth of a population": System(
        ((0.5, 2), (1, 4)), (0, 6), lambda t, r, k: k / (1 + (k / 0.2 - 1) * np.exp(-r * t)), 2
    ),
    "two slits": System(((0.5, 2), (1, 4)), (-1.5, 1.5), lambda x, i, d: i * np.cos(d * x) ** 2, 2),
    "enzyme": System(((1, 4), (0.3, 3)), (0.1, 5), lambda s, v, k: v * s / (k + s), 2),
    "amplifier": System(((-1, 1), (0.5, 2)), (-2, 2), lambda v, c, s: np.tanh(s * v) + c, 2),
    "decay over background": System(((1, 3), (0.3, 2), (0, 1)), (0, 5), lambda t, n, r, b: n * np.exp(-r * t) + b, 3),
    "motion with a jerk": System(
        ((-1, 1),) * 4, (-1.5, 1.5), lambda t, x, v, a, j: x + v * t + a * (t**2 - 0.75) + j * (t**3 - 1.35 * t), 4
    ),
}
KEPT = {
    "clock": System(((0.3, 2), (-1, 1)), (0, 5), lambda t, r, b: np.exp(-t) + 0 * r, 0, lambda t, r, b: b - r * t),
    "black body": System(((0.5, 2),), (0.2, 8), lambda x, t: x**3 / np.expm1(x / t), 1),
    "refraction": System(((1.05, 2.2),), (0, 1.5), lambda i, n: np.arcsin(np.sin(i) / n), 1),
    "terminal velocity": System(((0.5, 3),), (0, 4), lambda t, v: v * np.tanh(t / v), 1),
    "one of two tones": System(
        ((1, 3), (0.3, 0.9), (3, 5)),
        (0, 5),
        lambda t, w, a, n: np.sin(w * t),
        1,
        lambda t, w, a, n: np.sin(w * t) + a * np.cos(n * t),
    ),
    "resonance": System(
        ((0.7, 1.6), (1.5, 6)), (0.2, 2.2), lambda x, w, q: ((1 - (x / w) ** 2) ** 2 + (x / w / q) ** 2) ** -0.5, 2
    ),
    "alternating current": System(((0.5, 1.5), (-1.2, 1.2)), (0, 6), lambda t, a, p: a * np.cos(t + p), 2),
    "chain of decays": System(((0.3, 1.5), (0.3, 3)), (0, 6), chain, 2),
    "laser beam": System(((0.5, 1.5), (-1.5, 1.5)), (-3, 3), lambda z, w, c: w * np.sqrt(1 + ((z - c) / w**2) ** 2), 2),
    "tumor": System(((1, 3), (0.4, 2)), (0, 5), lambda t, k, c: k * np.exp(-3 * np.exp(-c * t)), 2),
    "ringing circuit": System(
        ((0.5, 1.5), (0.1, 0.8), (1, 3)), (0, 6), lambda t, a, b, w: a * np.exp(-b * t) * np.cos(w * t), 3
    ),
    "spectral line": System(((0.5, 2), (-1, 1), (0.3, 1)), (-3, 3), lambda x, a, c, w: a / (1 + ((x - c) / w) ** 2), 3),
    "velocity of a star with a planet": System(
        ((0.5, 1.5), (-1, 1), (-1.5, 1.5)), (0, 6.3), lambda t, k, v, p: k * np.cos(t + p) + v, 3
    ),
    "cooling": System(((0, 1), (1, 3), (0.3, 1.5)), (0, 5), lambda t, e, s, r: e + (s - e) * np.exp(-r * t), 3),
    "two lines": System(
        ((0.5, 1.5), (-2.2, -0.8), (0.5, 1.5), (0.8, 2.2)),
        (-4, 4),
        lambda x, a, b, c, d: a * np.exp(-((x - b) ** 2)) + c * np.exp(-((x - d) ** 2)),
        4,
    ),
    "pressure of the air": System(((0.8, 1.2), (0.5, 2)), (0, 3), lambda h, p, s: p * np.exp(-h / s), 2),
}
UNSEEN = {
    "noise in a receiver": System(
        ((0.5, 1.5), (-3, 3)), (0, 6), lambda t, a, p: np.exp(-t) + 0 * a, 0, lambda t, a, p: a * np.cos(2 * t + p)
    ),
    "heat of two levels": System(
        ((0.5, 3),), (0.2, 3), lambda t, d: (d / t) ** 2 * np.exp(d / t) / (1 + np.exp(d / t)) ** 2, 1
    ),
    "magnet": System(((0.5, 2), (0.5, 2)), (0.2, 5), lambda h, m, t: 1 / np.tanh(m * h / t) - t / (m * h), 1),
    "trajectory of a ball": System(
        ((4, 6), (0.4, 1.1)), (0, 2), lambda x, v, a: x * np.tan(a) - 4.9 * (x / v / np.cos(a)) ** 2, 2
    ),
    "diode": System(((0.5, 2), (1.2, 2)), (0, 2), lambda v, i, n: i * np.expm1(v / n), 2),
    "soliton": System(
        ((0.5, 1.5), (-1, 1), (0.5, 1.2)),
        (-3, 3),
        lambda x, a, c, w: a / np.cosh((x - c) / w) ** 2,
        3,
    ),
    "interferogram": System(((0.5, 1.5), (0.2, 0.6), (1, 2.5)), (0, 4), lambda x, i, v, k: i + v * np.cos(k * x), 3),
    "tide": System(
        ((-1, 1),) * 4,
        (0, 6),
        lambda t, a, b, c, d: a * np.cos(t) + b * np.sin(t) + c * np.cos(2.1 * t) + d * np.sin(2.1 * t),
        4,
    ),
}


class Noisy(NamedTuple):
    """A table, and the standard errors of its readings and answers."""

    columns: dict[str, np.ndarray]
    reading: float
    answer: float


def table(system: System, rows: int, snr: float, rng: np.random.Generator) -> Noisy:
    """Rows of noisy readings, a setting, and a noisy answer."""
    hidden = [rng.uniform(low, high, rows) for low, high in system.ranges]
    at, asked = np.linspace(*system.settings, READINGS), rng.uniform(*system.settings, rows)
    seen = (system.readings or system.show)(at, *(h[:, None] for h in hidden))
    answer = system.show(asked, *hidden)
    reading, error = seen.std() / snr, answer.std() / snr
    columns = {
        "seen": seen + reading * rng.normal(size=seen.shape),
        "asked": asked,
        "answer": answer + error * rng.normal(size=rows),
    }
    return Noisy(columns, float(reading), float(error))


def posterior_mean(
    system: System, seen: np.ndarray, asked: np.ndarray, reading: float, rng: np.random.Generator, draws: int = 60_000
) -> np.ndarray | None:
    """The best answers to rows for someone who knows the law, by weighted draws of the hidden numbers.

    None where too few draws are like what is seen: the median row has fewer than 50 effective ones.
    """
    hidden = [rng.uniform(low, high, draws) for low, high in system.ranges]
    law = (system.readings or system.show)(np.linspace(*system.settings, READINGS), *(h[:, None] for h in hidden))
    answers, effective = np.zeros(len(asked)), np.zeros(len(asked))
    for row, (readings, setting) in enumerate(zip(seen, asked, strict=True)):
        logarithm = (law @ readings - (law**2).sum(axis=1) / 2) / reading**2
        weights = np.exp(logarithm - logarithm.max())
        effective[row] = weights.sum() ** 2 / (weights**2).sum()
        answers[row] = weights @ system.show(setting, *hidden) / weights.sum()
    return answers if np.median(effective) >= 50 else None
