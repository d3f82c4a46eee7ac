"""The tables whose figures stand in docs/discovery.md, and what `netphysics discover` says of them.

    python benchmarks/discover_tables.py [TABLE ...] [--out FOLDER]

Each table is written as CSV, `discover` runs on it, and the sentences of its page are printed with the errors by number
of latents, those of others, and the share of seeds that names each candidate. `spring-*` are readings of
x = A cos(sqrt(k) t); in `outliers` 3 % of the answers are gross errors, and `no-outliers` is the same table without
them; `ring` is an angle. The springs take a minute and a half each on two cores, the others half a minute.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import netphysics


class Documented(NamedTuple):
    """A table and the options of `discover` that differ from the default."""

    columns: Callable[[], dict[str, np.ndarray]]
    options: dict[str, Any]


def springs(rows: int, error: float, readings: int = 20, seed: int = 1) -> dict[str, np.ndarray]:
    """Readings of springs, each with the same error, and an answer with that error."""
    rng = np.random.default_rng(seed)
    amplitude, stiffness = rng.uniform(0.5, 1.5, rows), rng.uniform(1, 4, rows)
    asked = rng.uniform(0, 6, rows)
    x, y = (
        amplitude * np.cos(np.sqrt(stiffness) * t) + error * rng.normal(size=(len(t), rows))
        for t in (np.linspace(0, 6, readings)[:, None], asked[None])
    )
    seen = {f"x{i}": column for i, column in enumerate(x)}
    return {**seen, "t": asked, "y": y[0], "A": amplitude, "k": stiffness}


def with_outliers() -> dict[str, np.ndarray]:
    """Three per cent of the answers are off by about twenty times their spread."""
    columns, rng = springs(3000, 0.1, readings=12), np.random.default_rng(2)
    wrong = rng.random(3000) < 0.03
    return columns | {"y": columns["y"] + wrong * 20 * columns["y"].std() * rng.normal(size=3000)}


def ring() -> dict[str, np.ndarray]:
    """The cosine of an angle and four shifts of it; the question is a fifth shift."""
    rng = np.random.default_rng(3)
    phi, t = rng.uniform(-np.pi, np.pi, (2, 3000))
    seen = {f"x{i}": np.cos(phi + shift) for i, shift in enumerate((0.0, 0.7, 1.6, 2.4))}
    return {**seen, "t": t, "y": np.cos(phi + t), "phi": phi}


QUICK = {"preset": "quick"}
TABLES = {
    "spring-0.5": Documented(lambda: springs(5000, 0.5), {}),
    "spring-0.5-long": Documented(lambda: springs(50_000, 0.5), {}),
    "spring-0.2": Documented(lambda: springs(5000, 0.2), {}),
    "spring-0.1-short": Documented(lambda: springs(600, 0.1), {}),
    "outliers": Documented(with_outliers, QUICK),
    "outliers-robust": Documented(with_outliers, QUICK | {"robust": True}),
    "no-outliers": Documented(lambda: springs(3000, 0.1, readings=12), QUICK),
    "ring": Documented(ring, QUICK),
}


def discover(name: str, folder: Path) -> None:
    """Write one table, and print what is found in it."""
    columns, options = TABLES[name].columns(), TABLES[name].options
    path, candidates = folder / f"{name}.csv", tuple(c for c in columns if c in ("A", "k", "phi"))
    folder.mkdir(parents=True, exist_ok=True)
    np.savetxt(path, np.stack(list(columns.values()), axis=1), delimiter=",", header=",".join(columns), comments="")
    run = netphysics.run(
        "discover",
        data=str(path),
        observation=("x*",),
        question=("t",),
        answer=("y",),
        candidates=candidates,
        out=folder / "runs",
        **options,
    )
    found, others = run.measured["table"], run.predicted["table"]
    print(f"{name}: {run.figures[0].caption.split(' Errors are on rows')[0]}")
    errors = zip(run.config.latents, found["error"], strict=True)
    print("  errors by latents:", ", ".join(f"{k}: {error}" for k, error in errors))
    print(f"  boosted trees {others['trees'].value:.3f}, everything {others['plain'].value[-1]:.3f}")
    print("  named in a share of seeds:", dict(zip(candidates, found["named"].value.tolist(), strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], default=[], metavar="TABLE")
    parser.add_argument("--out", type=Path, default=Path("runs/documented"))
    options = parser.parse_args()
    for name in options.tables or TABLES:
        discover(name, options.out)


if __name__ == "__main__":
    main()
