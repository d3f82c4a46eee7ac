"""What all studies of SciNet sweeps have in common: sums over seeds, and claims about fractions of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from netphysics.blocks import Cell
from netphysics.discovery import Sweep
from netphysics.discovery.probe import QUANTILES, LatentNumber, agreement, knee, remaining_error, steepest_drop
from netphysics.lab import Coordinates
from netphysics.lab.study import Experiment
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.stats.claim import Origin

from .options import SweepConfig

FINISHED, SPAN = "finished", "span"
KNEES = {"knee": knee, "drop": steepest_drop, "left": remaining_error}
# A statement holds if it is true for more than this share of trainings. Four of four are enough to say so, at 99 %.
SHARE = 0.25


def over_seeds(
    config: SweepConfig,
    sweep_of: Callable[..., Sweep],
    look: Callable[..., Mapping[str, Numbers]],
    kept: Sequence[str] = (),
) -> Experiment:
    """The experiment of a study: one sweep for each key, sums of what there is to say about it, and what to keep.

    Sums are over `common` and `look(sweep, key)` of the sweeps that were trained to the end. A seed with a training
    that diverged adds nothing but its absence from the sum `finished`.

    Args:
        kept: names of what `look` returns that are no sums, but kept for each key.
    """

    def experiment(keys: Iterable[Any]) -> tuple[dict[str, np.ndarray | np.float64], dict[str, np.ndarray]]:
        sums: dict[str, np.ndarray | np.float64] = {}
        each: dict[str, list[np.ndarray]] = {name: [] for name in kept}
        for key in keys:
            trained = sweep_of(key)
            quantities = {**common(config, trained), **look(trained, key), FINISHED: 1.0}
            for name, arrays in each.items():
                arrays.append(np.asarray(quantities.pop(name), np.float64))
            for name, value in quantities.items():
                sums[name] = sums.get(name, 0.0) + trained.finished * np.asarray(value, np.float64)
        return sums, {name: np.stack(arrays) for name, arrays in each.items()}

    return experiment


def largest(config: SweepConfig) -> int:
    """Which member of a sweep was offered the most neurons."""
    return config.latents.index(max(config.latents))


def common(config: SweepConfig, found: Sweep) -> dict[str, Numbers]:
    """What every study says of a sweep: errors, the three numbers of latents, and what its neurons do."""
    top = largest(config)
    information = found.information(top)
    order = np.argsort(-information, kind="stable")
    numbers = {"active": found.active(top).sum(), "dimension": found.dimension().value}
    numbers["actives"] = np.arange(max(config.latents) + 1) == numbers["active"]
    if 0 in config.latents:
        numbers |= {name: rule(config.latents, found.errors) for name, rule in KNEES.items()}
        numbers["knees"] = np.array(config.latents) == numbers["knee"]
    return {
        "error": found.errors,
        "noisy_error": found.activity.noisy_error,
        "information": information[order],
        "ablation": np.asarray(found.activity.ablation[top])[order],
        "moved": found.intervention(top, {}).moved[order],
        SPAN: found.span(top),
        **numbers,
    }


def sweep_coordinates(config: SweepConfig) -> dict[str, Coordinates]:
    """What the axes are of the quantities that every study says of a sweep."""
    latents, most = {"latents": config.latents}, max(config.latents)
    neurons = {"neuron": range(1, most + 1)}
    return {
        **dict.fromkeys(("error", "noisy_error", "knees"), latents),
        **dict.fromkeys(("information", "ablation"), neurons),
        "moved": {**neurons, "quantile": QUANTILES},
        "actives": {"active neurons": range(most + 1)},
    }


def seed_means(config: SweepConfig, cell: Cell, tally: Tally) -> dict[str, np.ndarray]:
    """Means over the seeds that were trained to the end, their share of all, and how far they agree.

    All means are NaN where no seed was trained to the end.
    """
    finished = tally.mean(FINISHED)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = {name: np.asarray(tally.mean(name) / finished) for name in tally.sums if name != FINISHED}
    agreed = agreement(means.pop(SPAN), float(means["active"]), round(float(tally.sums[FINISHED])))
    return {**means, FINISHED: finished, "agreement": np.asarray(agreed)}


def fraction_claims(
    found: Mapping[str, Estimate], statements: Mapping[str, str], origin: Origin, source: str, suffix: str = ""
) -> Iterator[Claim]:
    """That each statement, by the name of what was measured, is true for a share of seeds; and a note on lost ones."""
    seeds, trained = trainings(found)
    if trained:
        for name, statement in statements.items():
            yield _share_claim(f"{name}{suffix}", statement, found[name], trained, origin, source)
    if trained < seeds:
        statement = "Trainings go to their end; those that diverge count nowhere else"
        yield Claim.fraction(f"{FINISHED}{suffix}", statement, SHARE, trained, seeds, "conjecture", "netphysics")


def knee_claim(
    id: str,
    config: SweepConfig,
    found: Mapping[str, Estimate],
    number: int,
    statement: str,
    origin: Origin,
    source: str,
) -> Iterator[Claim]:
    """That the error has its knee at a number of latents, or as close to it as the numbers that were offered allow.

    Args:
        statement: begins the sentence; what follows is where the knee is.
    """
    offered = sorted(config.latents)
    beyond = [k for k in offered if k >= number]
    if "knees" not in found or not beyond or not trainings(found)[1]:
        return
    first = max((k for k in offered if k < number), default=-1) + 1
    where = f"at {number} latents" if first == beyond[0] else f"between {first} and {beyond[0]} latents"
    share = found["knees"][config.latents.index(beyond[0])]
    yield _share_claim(id, f"{statement} {where}", share, trainings(found)[1], origin, source)


def active_claim(
    id: str, found: Mapping[str, Estimate], number: int, statement: str, origin: Origin, source: str
) -> Iterator[Claim]:
    """That so many neurons are active."""
    trained = trainings(found)[1]
    if trained:
        yield _share_claim(id, statement, found["actives"][number], trained, origin, source)


def trainings(found: Mapping[str, Estimate]) -> tuple[int, int]:
    """How many seeds there were, and how many of them were trained to the end."""
    seeds = round(float(found[FINISHED].draws))
    return seeds, round(float(found[FINISHED].value) * seeds)


def _share_claim(id: str, statement: str, share: Estimate, trained: int, origin: Origin, source: str) -> Claim:
    hits = round(float(share.value) * trained)
    return Claim.fraction(id, f"{statement}: {hits} of {trained} trainings", SHARE, hits, trained, origin, source)


def floor_claim(
    config: SweepConfig,
    expected: Mapping[str, Estimate],
    found: Mapping[str, Estimate],
    statement: str,
    source: str,
    id: str = "floor",
) -> list[Claim]:
    """That networks without latents have the exact error of those who know the question only, if there are any."""
    if 0 not in config.latents:
        return []
    return [Claim(id, statement, expected["floor"], found["error"][config.latents.index(0)], "theory", source)]


def in_words(number: LatentNumber, what: str = "latent") -> str:
    """`2 latents`, or `2 latents (1 to 3 cannot be told apart)`."""
    words = f"{number.number} {what}{'s' * (number.number != 1)}"
    if number.fewest == number.most:
        return words
    return f"{words} ({number.fewest} to {number.most} cannot be told apart)"
