"""Formulas of neurons: our search beside gplearn and pyoperon, on formulas of physics and with noise.

    make bench-formulas
    python benchmarks/formulas.py [--peer PYTHON]

PYTHON is an interpreter that has gplearn and pyoperon (`peers/formulas.txt`), which run as a second process; the first
command makes it. What is given are 300 rows of the columns, one of which does not belong to the formula, and a neuron:
the formula's normal score, since a neuron is about normal and a monotone function of what it holds, or (`straight`) the
formula itself; each with normal noise, in units of the neuron's standard deviation. A formula is found when its rank
correlation with the true one is 0.999 or more on 1000 fresh rows without noise. gplearn judges by rank correlation,
too; pyoperon, which cannot, may use functions to bend. The last lines are a summary: formulas found, median symbols and
seconds of each search.
"""

import argparse
import json
import re
import subprocess
import time
from pathlib import Path

import numpy as np
from scipy.stats import norm, rankdata

from netphysics.discovery import find_formula
from netphysics.stats import rank_correlation

PEER = Path(__file__).parent / "peers" / "formulas.py"
ROWS, FRESH, FOUND = 300, 1000, 0.999
# Ranges of the columns and the formula; the last column does not belong to it.
FORMULAS = {
    "momentum": ({"m": (1, 3), "v": (1, 5), "T": (1, 2)}, lambda m, v, T: m * v),
    "rate of a spring": ({"k": (1, 4), "m": (0.5, 2), "A": (1, 2)}, lambda k, m, A: k / m),
    "charge energy": ({"R": (1, 2), "C": (1, 3), "V": (0.5, 2), "t": (1, 2)}, lambda R, C, V, t: R * C * V**2),
    "reduced mass": ({"m": (1, 5), "M": (1, 5), "v": (1, 2)}, lambda m, M, v: m * M / (m + M)),
    "two springs": ({"m": (1, 2), "v": (0, 2), "k": (1, 3), "x": (0, 2), "t": (1, 2)},
                    lambda m, v, k, x, t: m * v**2 + k * x**2),
    "Kepler": ({"a": (0.5, 3), "M": (0.5, 3), "i": (1, 2)}, lambda a, M, i: a**3 / M),
    "velocities": ({"u": (-0.9, 0.9), "v": (-0.9, 0.9), "w": (1, 2)}, lambda u, v, w: (u + v) / (1 + u * v)),
    "Reynolds": ({"rho": (1, 3), "v": (1, 5), "L": (1, 4), "eta": (1, 4), "g": (1, 2)},
                 lambda rho, v, L, eta, g: rho * v * L / eta),
    "thin lens": ({"f": (0.5, 1.5), "d": (2, 6), "h": (1, 2)}, lambda f, d, h: f * d / (d - f)),
    "Bernoulli": ({"p": (1, 3), "rho": (1, 2), "v": (0, 2), "h": (1, 2)}, lambda p, rho, v, h: p + rho * v**2 / 2),
    "two momenta": ({"m": (1, 3), "v": (-2, 2), "M": (1, 3), "V": (-2, 2), "t": (1, 2)},
                    lambda m, v, M, V, t: m * v + M * V),
    "gravity": ({"m": (1, 3), "M": (1, 3), "r": (0.5, 2), "t": (1, 2)}, lambda m, M, r, t: m * M / r**2),
    "gas": ({"n": (1, 3), "T": (1, 3), "V": (1, 4), "h": (1, 2)}, lambda n, T, V, h: n * T / V),
    "damping": ({"b": (0.5, 2), "m": (1, 3), "k": (1, 4), "A": (1, 2)}, lambda b, m, k, A: b**2 / (m * k)),
    "drift": ({"E": (1, 5), "B": (1, 3), "v": (0, 3), "t": (1, 2)}, lambda E, B, v, t: E / B - v),
    "frequency": ({"k": (2, 6), "m": (1, 2), "b": (0.5, 2), "A": (1, 2)},
                  lambda k, m, b, A: k / m - (b / m) ** 2 / 4),
    "gamma": ({"p": (0.2, 3), "m": (0.5, 2), "q": (1, 2)}, lambda p, m, q: np.sqrt(1 + (p / m) ** 2)),
    "Celsius": ({"T": (-20, 80), "p": (1, 3), "V": (1, 2)}, lambda T, p, V: p / (273.15 + T)),
}  # fmt: skip
# Columns, numbers, functions, and signs between two things.
SYMBOL = re.compile(r"[A-Za-z_]\w*|\d+\.?\d*|(?<=\s)[-+*/](?=\s)")
SETTINGS = (("neuron", 0.0), ("neuron", 0.03), ("neuron", 0.1), ("straight", 0.03))


def task(name: str, shape: str, noise: float, seed: int) -> dict:
    """The columns, the neuron, and fresh columns with the truth."""
    ranges, formula = FORMULAS[name]
    draw = np.random.default_rng([seed, *map(ord, name)])
    rows, fresh = ({key: draw.uniform(*ends, count) for key, ends in ranges.items()} for count in (ROWS, FRESH))
    values = formula(**rows)
    z = (values - values.mean()) / values.std()
    if shape == "neuron":
        z = norm.ppf((rankdata(values) - 0.5) / ROWS)
    z = z + noise * draw.normal(size=ROWS)
    return {"columns": rows, "z": z, "fresh": fresh, "truth": formula(**fresh)}


def ours(given: dict) -> tuple[str, np.ndarray, float]:
    """Our formula, its values on the fresh rows, and seconds of the processor."""
    start = time.process_time()
    found = find_formula(given["z"], given["columns"])
    return str(found), found(given["fresh"]), time.process_time() - start


def used(text: str, given: dict) -> set[str]:
    """The columns in a formula."""
    return {name for name in given["columns"] if re.search(rf"\b{name}\b", text)}


def plain(given: dict) -> dict:
    return {key: plain(part) if isinstance(part, dict) else part.tolist() for key, part in given.items()}


def summary(name: str, setting: tuple[str, float], results: list[dict]) -> str:
    """One line about one search with one kind of target and noise."""
    chosen = [result for result in results if (result["target"], result["noise"]) == setting]
    symbols, seconds = (np.median([result[key] for result in chosen]) for key in ("symbols", "seconds"))
    found = sum(result["found"] for result in chosen)
    return f"{name}, {setting[0]}, noise {setting[1]:g}: {found} of {len(chosen)}, {symbols:g} symbols, {seconds:.2g} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", metavar="PYTHON", help="an interpreter that has gplearn and pyoperon")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    tasks = {(name, *s): task(name, *s, arguments.seed) for s in SETTINGS for name in FORMULAS}
    answers = {"ours": [ours(given) for given in tasks.values()]}
    if arguments.peer:
        question = json.dumps([plain(given) for given in tasks.values()])
        done = subprocess.run([arguments.peer, PEER], input=question, text=True, stdout=-1, check=True)
        answers |= json.loads(done.stdout)
    summaries: list[str] = []
    for name, found in answers.items():
        results = []
        for (key, given), (text, values, seconds) in zip(tasks.items(), found, strict=True):
            values = np.asarray(values, np.float64)
            usable = np.isfinite(values).all() and np.ptp(values) > 0
            follows = abs(rank_correlation(values, given["truth"])) if usable else 0.0
            belong = set(list(FORMULAS[key[0]][0])[:-1])
            results.append({"search": name, "formula": key[0], "target": key[1], "noise": key[2], "text": text,
                            "symbols": len(SYMBOL.findall(text)), "columns": used(text, given) == belong,
                            "correlation": round(follows, 5), "found": bool(follows >= FOUND),
                            "seconds": round(seconds, 2)})  # fmt: skip
            print(json.dumps(results[-1]))
        summaries += [summary(name, setting, results) for setting in SETTINGS]
    print(*summaries, sep="\n")


if __name__ == "__main__":
    main()
