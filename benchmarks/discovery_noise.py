"""How many hidden numbers are found in noisy tables, and how good the answers are beside boosted trees.

    python benchmarks/discovery_noise.py --rows 2000 --snr 10 3 --steps 1000

Each system is seen at some settings and asked about another one; readings and answers have normal errors, smaller than
the spread of what is read by the signal-to-noise ratio. Systems that are kept were not looked at while the method was
made. One line of JSON per table, and a summary of both halves.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import NamedTuple

import jax
import numpy as np

from netphysics.discovery import Columns, Schedule, dataset, make_table_sweep, simple_errors
from netphysics.discovery.probe import latent_number

READINGS = 16
LATENTS = (0, 1, 2, 3, 4)


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


def table(system: System, rows: int, snr: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Rows of noisy readings, a setting, and a noisy answer."""
    hidden = [rng.uniform(low, high, rows) for low, high in system.ranges]
    at, asked = np.linspace(*system.settings, READINGS), rng.uniform(*system.settings, rows)
    seen = (system.readings or system.show)(at, *(h[:, None] for h in hidden))
    answer = system.show(asked, *hidden)
    return {
        "seen": seen + seen.std() / snr * rng.normal(size=seen.shape),
        "asked": asked,
        "answer": answer + answer.std() / snr * rng.normal(size=rows),
    }


def try_system(system: System, rows: int, snr: float, steps: int, seeds: int, width: int) -> dict:
    """What one table comes to."""
    start = time.process_time()
    columns = table(system, rows, snr, np.random.default_rng(1))
    data = dataset(columns, Columns(("seen",), ("asked",), ("answer",)), max(LATENTS), seed=0)
    sweep_of = make_table_sweep(data, LATENTS, Schedule(steps, 0.05, 0.0025), (width, width))
    sweeps = [sweep_of(key) for key in jax.random.split(jax.random.key(0), seeds)]
    squares = np.stack([sweep.validated.squares for sweep in sweeps])
    rows_alone = np.mean([sweep.validated.covariance for sweep in sweeps], axis=0) / seeds
    between = np.cov(squares.T) / seeds if seeds > 1 else np.zeros_like(rows_alone)
    found = latent_number(LATENTS, squares.mean(axis=0), rows_alone, between)
    errors = np.mean([sweep.errors for sweep in sweeps], axis=0)
    return {
        "truth": system.number,
        "found": found.number,
        "interval": [found.fewest, found.most],
        "error": errors[LATENTS.index(found.number)],
        "without latents": errors[0],
        "trees": simple_errors(data)["trees"],
        "cpu seconds": time.process_time() - start,
    }


def summary(results: list[dict]) -> dict[str, float]:
    """Shares of tables."""
    return {
        "right number": float(np.mean([r["found"] == r["truth"] for r in results])),
        "truth in the interval": float(np.mean([r["interval"][0] <= r["truth"] <= r["interval"][1] for r in results])),
        "better than trees": float(np.mean([r["error"] < r["trees"] for r in results])),
        "within 5 % of trees": float(np.mean([r["error"] < 1.05 * r["trees"] for r in results])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[500, 5000])
    parser.add_argument("--snr", type=float, nargs="+", default=[100, 10, 3, 1])
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--systems", choices=["tuned", "kept", "all"], default="all")
    parser.add_argument("--width", type=int, default=64)
    options = parser.parse_args()
    halves = {"tuned": TUNED, "kept": KEPT}
    for half in halves if options.systems == "all" else [options.systems]:
        results = []
        for name, system in halves[half].items():
            for rows in options.rows:
                for snr in options.snr:
                    result = try_system(system, rows, snr, options.steps, options.seeds, options.width)
                    results.append(result)
                    print(json.dumps({"system": name, "rows": rows, "snr": snr, **result}), flush=True)
        print(json.dumps({"half": half, "tables": len(results), **summary(results)}), flush=True)


if __name__ == "__main__":
    main()
