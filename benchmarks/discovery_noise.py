"""How many hidden numbers are found in noisy tables, and how good the answers are beside tuned baselines.

    python benchmarks/discovery_noise.py --rows 5000 --snr 10 3 --systems kept

Each system is seen at some settings and asked about another one; readings and answers have normal errors, smaller than
the spread of what is read by the signal-to-noise ratio. `--noise 20` adds tables of nothing but noise. One line of JSON
per table, and a summary for each part, signal-to-noise ratio and number of rows.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from noisy_systems import KEPT, READINGS, TUNED, UNSEEN, Noisy, System, posterior_mean, table

from netphysics.discovery import (
    Columns,
    Dataset,
    Schedule,
    SciNet,
    TableSweep,
    answers,
    dataset,
    error_together,
    latent_number_of,
    make_baselines,
    make_table_sweep,
    simple_errors,
)
from netphysics.discovery.worlds import Sample

PARTS = {"tuned": TUNED, "kept": KEPT, "unseen": UNSEEN}
LATENTS = (0, 1, 2, 3, 4)
# A gain on rows for testing of so many standard errors is not by chance, as on the page of a table.
NOT_BY_CHANCE = 2.3
# Rows that the best possible answers are computed for.
COMPARED = 400


def try_table(noisy: Noisy, system: System | None, steps: int, seeds: int, width: int) -> dict:
    """What one table comes to; no system stands behind a table of noise."""
    start = time.process_time()
    data = dataset(noisy.columns, Columns(("seen",), ("asked",), ("answer",)), max(LATENTS), seed=0)
    schedule, layers = Schedule(steps, 0.05, 0.0025), (width, width)
    sweep_of = make_table_sweep(data, LATENTS, schedule, layers)
    sweeps = [sweep_of(key) for key in jax.random.split(jax.random.key(0), seeds)]
    squares = np.stack([sweep.validated.squares for sweep in sweeps])
    found = latent_number_of(LATENTS, sweeps)
    errors = np.mean([sweep.errors for sweep in sweeps], axis=0)
    member, best = LATENTS.index(found.number), int(np.argmin(squares.mean(axis=0)))
    gains = np.array([sweep.tested.gain(best, 0) for sweep in sweeps]).mean(axis=0)
    ahead = np.array([sweep.tested.gain(member, 0) for sweep in sweeps]).mean(axis=0)
    seconds = time.process_time() - start
    plain = make_baselines(data, (), schedule, layers)(jax.random.key(0))
    return {
        "truth": 0 if system is None else system.number,
        "found": found.number,
        "interval": [found.fewest, found.most],
        "errors": errors.round(5).tolist(),
        "squares": squares.round(6).tolist(),
        "covariances": [sweep.validated.covariance.tolist() for sweep in sweeps],
        # Of the stated number of latents, and of the mean answer of those that validate best.
        "error": errors[member],
        "together": error_together(sweeps),
        "noise": bool(gains[0] <= NOT_BY_CHANCE * gains[1]),
        "worse than none": bool(ahead[0] < -ahead[1]),
        "baselines": {**simple_errors(data), "plain": float(plain[-1])},
        "above possible": above_possible(noisy, system, data, sweeps, member),
        "cpu seconds": seconds,
    }


def above_possible(
    noisy: Noisy, system: System | None, data: Dataset, sweeps: Sequence[TableSweep], member: int
) -> float | None:
    """The error of the networks, in the mean over them, over that of a posterior mean on the same rows for testing."""
    if system is None:
        return None
    scales, part = data.scales, jax.tree.map(lambda array: array[:COMPARED], data.test)
    seen = [f"seen[{i}]" for i in range(READINGS)]
    readings = part.observation * [scales.spread[name] for name in seen] + [scales.center[name] for name in seen]
    asked = part.questions[:, 0, 0] * scales.spread["asked"] + scales.center["asked"]
    best = posterior_mean(system, readings, asked, noisy.reading, np.random.default_rng(2))
    if best is None:
        return None
    truth = part.answers[:, 0, 0]
    left = np.sqrt(np.mean(((best - scales.center["answer"]) / scales.spread["answer"] - truth) ** 2))
    ours = [np.sqrt(np.mean((answered(sweep.model(member), part) - truth) ** 2)) for sweep in sweeps]
    return float(np.mean(ours) / left)


@eqx.filter_jit
def answered(model: SciNet, part: Sample) -> Float[Array, " systems"]:
    """A network's answers, neurons at their means."""
    return answers(model, jax.vmap(model.encode)(jnp.asarray(part.observation))[0], part.questions)[:, 0, 0]


def summary(results: list[dict]) -> dict[str, float]:
    """Shares of tables."""
    others = [min(r["baselines"].values()) for r in results]
    shares = {
        "right number": [r["found"] == r["truth"] for r in results],
        "truth in the interval": [r["interval"][0] <= r["truth"] <= r["interval"][1] for r in results],
    }
    for which, error in (("the stated number", "error"), ("what is answered", "together")):
        ratios = [r[error] / other for r, other in zip(results, others, strict=True)]
        shares[f"{which}: below every baseline"] = [ratio < 1 for ratio in ratios]
        shares[f"{which}: within 5 % of the best"] = [ratio < 1.05 for ratio in ratios]
    shares |= {
        "within 10 % of what is possible": [r["above possible"] < 1.1 for r in results if r["above possible"]],
        "worse than none": [r["worse than none"] for r in results],
    }
    return {name: float(np.mean(values)) for name, values in shares.items() if values}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[5000])
    parser.add_argument("--snr", type=float, nargs="+", default=[10])
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--systems", choices=list(PARTS), nargs="*", default=list(PARTS))
    parser.add_argument("--only", nargs="*", help="names of systems")
    parser.add_argument("--noise", type=int, default=0)
    parser.add_argument("--width", type=int, default=64)
    options = parser.parse_args()
    for rows in options.rows:
        for snr in options.snr:
            for part in options.systems:
                results = []
                for name, system in PARTS[part].items():
                    if options.only and name not in options.only:
                        continue
                    noisy = table(system, rows, snr, np.random.default_rng(1))
                    result = try_table(noisy, system, options.steps, options.seeds, options.width)
                    results.append(result)
                    print(json.dumps({"system": name, "rows": rows, "snr": snr, **result}), flush=True)
                print(json.dumps({"part": part, "rows": rows, "snr": snr, "tables": len(results), **summary(results)}))
        noise = []
        for seed in range(options.noise):
            rng = np.random.default_rng(seed)
            columns = {"seen": rng.normal(size=(rows, READINGS)), "asked": rng.normal(size=rows)}
            noisy = Noisy({**columns, "answer": rng.normal(size=rows)}, 1.0, 1.0)
            noise.append(try_table(noisy, None, options.steps, options.seeds, options.width)["noise"])
        if noise:
            print(json.dumps({"noise": len(noise), "rows": rows, "called noise": float(np.mean(noise))}))


if __name__ == "__main__":
    main()
