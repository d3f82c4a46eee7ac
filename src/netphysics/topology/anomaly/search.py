"""A search for anomalies in a set of events: every score for every event, and how well each finds a given signal."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np

from ...stats import Estimate
from ..autoencoders import Options, train_autoencoders
from ..events import EventSets
from ..phase_space import PhaseSpace, sample
from .curves import area_under_curve, significance_improvement
from .density import fit_density, rarity
from .features import invariants_of, momenta_of, points_of
from .reconstruction import RATE, reconstruction_errors
from .weak_labels import weak_labels

# A cut that keeps almost no signal, or no background, has an improvement known by a few events alone.
SIGNAL_EFFICIENCIES = np.linspace(0.05, 1, 20)
MOST_PARTICLES = 12
FEWEST = 100


@dataclass(frozen=True)
class Performance:
    """How well a score finds a signal.

    Attributes:
        area: under the curve of signal against background efficiency.
        improvement: of the significance, at each of `SIGNAL_EFFICIENCIES`.
    """

    area: Estimate
    improvement: Estimate

    @property
    def best(self) -> tuple[float, Estimate]:
        """The signal efficiency of the largest improvement, less one standard error, and the improvement there."""
        place = int(np.argmax(self.improvement.value - self.improvement.error))
        return float(SIGNAL_EFFICIENCIES[place]), self.improvement[place]


@dataclass(frozen=True)
class Search:
    """Scores of events, high for what stands out.

    Attributes:
        scores: by name, each of shape (events,).
        performance: by name; empty where no signal was given.
        notes: what the scores mean for these events, a sentence each.
    """

    scores: dict[str, np.ndarray]
    performance: dict[str, Performance]
    notes: tuple[str, ...]

    def ranking(self, name: str, count: int = 10) -> np.ndarray:
        """The events that stand out most, first the one that does most."""
        return np.argsort(-self.scores[name], kind="stable")[:count]


def search(
    events: np.ndarray,
    signal: np.ndarray | None = None,
    reference: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    options: Options | None = None,
    seed: int = 0,
) -> Search:
    """Score events by reconstruction, by density, and against a reference.

    Args:
        events: momenta of shape (events, n, 4), total energies 1. Nothing else is trained on, without labels.
        signal: events to tell from these, which no score has seen.
        reference: events without signal; flat massless phase space by default.
        labels: which of `events` are signal, for the performance alone.
        options: of the autoencoders.

    Raises:
        ValueError: for fewer than 100 events, more than 12 particles, sets of different numbers of particles, labels of
            one kind, or a seed that numpy does not take.
    """
    bodies = events.shape[1]
    if not 0 <= seed < 2**32:
        raise ValueError(f"seed is {seed}; it must lie between 0 and {2**32 - 1}")
    for name, other in (("events", events), ("signal", signal), ("reference", reference)):
        if other is not None and other.shape[1] != bodies:
            raise ValueError(f"{name} has {other.shape[1]} particles in each event; the events have {bodies}")
        if other is not None and len(other) < FEWEST:
            raise ValueError(f"{name} has {len(other)} events; a search takes at least {FEWEST}")
    if bodies > MOST_PARTICLES:
        raise ValueError(
            f"events have {bodies} particles; a search takes at most {MOST_PARTICLES}, so keep the hardest"
        )
    if labels is not None and len(set(labels.tolist())) < 2:
        raise ValueError("labels are all of one kind; telling signal from background takes both")
    flat = reference is None
    if reference is None:
        reference = sample(PhaseSpace.massless(bodies), 2 * len(events), key=jax.random.key(seed + 1)).momenta
    sets = [events] if signal is None else [events, signal]
    found = reconstruction_scores(sets, options or Options(rate=RATE), seed)
    points = [points_of(each) for each in sets]
    density = fit_density(points[0], seed)
    found[f"density on S{3 * bodies - 4}"] = [rarity(density, each) for each in points]
    weak = weak_labels(invariants_of(events), invariants_of(reference), seed)
    name = "against flat phase space" if flat else "against the reference"
    found[name] = [weak.data_scores, *(weak.scores(invariants_of(each)) for each in sets[1:])]
    scores = {name: each[0] for name, each in found.items()}
    if signal is not None:
        performance = {name: judge(*each) for name, each in found.items()}
    elif labels is not None:
        performance = {name: judge(each[~labels], each[labels]) for name, each in scores.items()}
    else:
        performance = {}
    return Search(scores, performance, remarks(bodies, flat))


def search_sets(sets: EventSets, options: Options | None = None, seed: int = 0) -> Search:
    """`search` in sets named `events`, `signal`, `reference`; labels of both kinds serve where there is no signal."""
    momenta = sets.momenta
    serve = sets.labels is not None and "signal" not in momenta and len(np.unique(sets.labels)) == 2
    labels = sets.labels if serve else None
    return search(momenta["events"], momenta.get("signal"), momenta.get("reference"), labels, options, seed)


def reconstruction_scores(sets: list[np.ndarray], options: Options, seed: int) -> dict[str, list[np.ndarray]]:
    """Reconstruction errors through a plain latent and through a sphere, of the dimension of phase space."""
    inputs = [momenta_of(each) for each in sets]
    scores, dimension = {}, 3 * sets[0].shape[1] - 4
    for latent in (f"R{dimension}", f"S{dimension}"):
        models = train_autoencoders(inputs[0], latent, jax.random.key(seed)[None], options).models
        scores[f"reconstruction, {latent}"] = [reconstruction_errors(models, each)[0] for each in inputs]
    return scores


def judge(background: np.ndarray, signal: np.ndarray) -> Performance:
    """The performance of a score by its values for background and for signal."""
    return Performance(
        area_under_curve(background, signal), significance_improvement(background, signal, SIGNAL_EFFICIENCIES)
    )


def remarks(bodies: int, flat: bool) -> tuple[str, ...]:
    """What the scores cannot do."""
    return (
        f"Phase space of {bodies} particles is a sphere of dimension {3 * bodies - 4}: through as many real latents "
        "some events must be reconstructed badly, and stand out without being anomalies.",
        "A resonance that decays into the same particles lies on the same sphere: reconstruction does not see it. "
        "Density does only where it makes a sparse region dense, and then with the opposite sign.",
        "Against flat phase space, everything that matrix elements and cuts do stands out; name a reference without "
        "signal to see what is new."
        if flat
        else "Against the reference, every difference stands out: a badly modeled reference as well as a signal.",
    )
