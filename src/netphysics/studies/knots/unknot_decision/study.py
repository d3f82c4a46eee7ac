"""Can networks decide whether a braid word closes to the unknot, and do they decide it by its topology?

Gukov, Halverson, Ruehle and Sulkowski (2010.16263) train feed-forward networks, transformers and Reformers on words
from their priors and report about 95 % and more, rising with the number of letters N. Their priors make unknots
and knots in different ways, and a word may betray how it was made: by the number of its strands, its writhe, or
how often a letter occurs. So a regression on such counts stands beside the networks, and some networks, the
controls, are trained once more on matched examples, in which each unknot has a knot with the same letters in another
order, and once more on fewer words where words are longer. The other baseline is a regression on the Alexander
polynomial at one point, which knows a great deal of topology.

Every training has its own words to learn from, its own words to be tested on, and its own initial weights; error
bars are over trainings. The networks of a training, of all kinds, see the same words, rotated, reversed, mirrored
and turned over at random, and what a network says is its mean over eight such forms. Short words are few, and
a prior draws the same unknots again and again; a test has none that was learned. Of nine letters, most are
another form of one that was, though; "new unknots" are those that are not.

Last, networks are asked about knots whose Alexander polynomial is that of the unknot, disguised by the moves that
unknots are made with; and about the same words with one crossing changed, which unties them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.knots.classifiers import (
    alexander_log_odds,
    all_log_odds,
    balanced_accuracy,
    counting_log_odds,
    draw_both,
    padded_length,
)
from netphysics.knots.classifiers import make_decider as new_decider
from netphysics.knots.priors import ALEXANDER_TRIVIAL, UNTIED, Prior, equivalent_words_of, seeds_of
from netphysics.lab import Experiment, Results, Study, option
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally

from ..options import DeciderConfig
from .claims import PUBLISHED, claims_of
from .figures import SETS, accuracy_figure, trivial_figure

NETWORKS = ("feed-forward", "transformer", "reformer")
Network = Literal["feed-forward", "transformer", "reformer", "cyclic"]
# Letters that leave room for other words of Alexander-trivial knots.
ROOM = 15
make_decider = functools.cache(new_decider)


@dataclass(frozen=True)
class Config(DeciderConfig):
    """Options of the unknot decision."""

    networks: tuple[Network, ...] = option(NETWORKS, distinct=True)
    """Networks to train: feed-forward, transformer, reformer, cyclic (a transformer that sees a word as a circle)."""
    controls: tuple[Network, ...] = option(("feed-forward",), distinct=True)
    """Networks to train on matched examples and on fewer words, too; some of `networks`."""
    letters: tuple[int, ...] = option((9, 15, 24, 48), least=6, entries=2, distinct=True)
    """Numbers of letters N of a word; `words` is at the same number of letters for the smallest N only."""
    words: int = 16_384
    """Words to learn from; a network sees them rotated, reversed, mirrored and turned over at random."""
    stabilization: float = option(0.2, above=0, below=1)
    """Probability that a Markov move of the priors is a stabilization; the paper does not say."""

    presets: ClassVar = {
        "quick": {
            "networks": ("feed-forward", "transformer"),
            "letters": (12, 16),
            "words": 256,
            "tests": 128,
            "width": 16,
            "steps": 32,
        },
        "paper": {
            "controls": NETWORKS,
            "letters": (9, 12, 15, 18, 24, 30, 36, 48),
            "words": 32768,
            "tests": 2048,
            "steps": 16_000,
            "draws": 8,
        },
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if strange := set(self.controls) - set(self.networks):
            raise ValueError(f"controls has {min(strange)}, which is not one of the networks {self.networks}")
        Prior(self.letters[0], stabilization=self.stabilization)


def cells(config: Config) -> list[Cell]:
    return [Cell(f"N={letters}", {"letters": letters}) for letters in config.letters]


def predict(config: Config) -> Results:
    """What is published: about 95 % or more, whatever the network and N."""
    return {cell.name: {"published": Estimate.exact(PUBLISHED)} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    letters = cell["letters"]
    prior = Prior(letters, stabilization=config.stabilization)
    few = config.words * min(config.letters) // letters
    train = {name: make_decider(config.training_settings(name, letters)) for name in config.networks}
    # Unknots and knots in turn, in all tests.
    knotted = np.tile(np.array([0.0, 1.0]), config.tests // 2)

    def one(key: PRNGKeyArray) -> dict[str, np.ndarray]:
        learn, test, augment, start = jax.random.split(key, 4)
        plain, matched = draw_both(prior, config.words, key=learn)
        drawn, matched_test = draw_both(prior, config.tests, key=test)
        test, trivial = drawn.without(plain), trivial_words(prior, key=augment)
        training_words = {"words": plain, "letters": plain.first(few), "matched": matched}
        test_words = {"words": test, "letters": test, "matched": matched_test.without(matched)}

        def trained_log_odds(name: Network, sets: Sequence[str]) -> np.ndarray:
            # Networks that differ in their examples only start from the same weights.
            models = train[name](jax.numpy.stack([start] * len(sets)), [training_words[each] for each in sets]).models
            words = np.stack([np.concatenate([test_words[each].words, *trivial]) for each in sets])
            return np.asarray(all_log_odds(models, words, start))

        def baseline_log_odds(decide: Callable[..., np.ndarray], sets: Sequence[str]) -> np.ndarray:
            return np.stack(
                [decide(training_words[each], np.concatenate([test_words[each].words, *trivial])) for each in sets]
            )

        said = [
            trained_log_odds(name, ("words", *(SETS if name in config.controls else ()))) for name in config.networks
        ]
        said += [baseline_log_odds(decide, ("words", *SETS)) for decide in (counting_log_odds, alexander_log_odds)]
        controls = [each[:, : config.tests] for each in said if len(each) > 1]
        plainly, of_trivial = np.split(np.stack([each[0] for each in said]), [config.tests], axis=-1)
        new = ~test.familiar(plain) & (test.knotted == 0)
        found = {
            "accuracy": balanced_accuracy(plainly, knotted),
            "controls": balanced_accuracy(np.stack(controls), knotted),
            "new": np.array(new.sum(), np.float64),
            "recognized": ((plainly <= 0) & new).sum(axis=1).astype(np.float64),
        }
        if trivial:
            found["trivial"] = (of_trivial > 0).reshape(len(said), 2, -1).mean(axis=-1)
        return found

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = [one(key) for key in keys]
        return {name: sum(each[name] for each in found) for name in found[0]}

    return experiment


def trivial_words(prior: Prior, each: int = 32, *, key: PRNGKeyArray) -> list[np.ndarray]:
    """Disguises of Alexander-trivial knots, `each` of each, and then of the same words untied, in a list of one array.

    The list is empty where words are too short.
    """
    if prior.letters < ROOM:
        return []
    seeds = seeds_of(np.asarray(jax.random.key_data(jax.random.split(key, len(ALEXANDER_TRIVIAL) * each))))
    groups = 2 * np.split(seeds, len(ALEXANDER_TRIVIAL))
    braids = (*ALEXANDER_TRIVIAL, *UNTIED)
    words = [equivalent_words_of(prior, braid, group).letters for braid, group in zip(braids, groups, strict=True)]
    return [np.pad(np.concatenate(words), ((0, 0), (0, padded_length(prior.letters) - prior.letters)))]


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    accuracy, controls = tally.mean("accuracy"), tally.mean("controls")
    # Where there is no new unknot, none is recognized.
    new = tally.mean("recognized") / max(tally.mean("new"), 1e-12)
    counting = accuracy[len(config.networks)]
    found = {"accuracy": accuracy, "controls": controls, "new": new, "beyond": accuracy - counting}
    found["lost"] = controls[:, 0] - controls[:, 1 + SETS.index("matched")]
    if "reformer" in config.networks:
        reformer = accuracy[config.networks.index("reformer")]
        found |= {f"reformer-{name}": reformer - accuracy[i : i + 1] for i, name in enumerate(config.networks)}
    if cell["letters"] >= ROOM:
        found["trivial"] = tally.mean("trivial")
        found["told"] = found["trivial"][:, 0] - found["trivial"][:, 1]
    return found


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    return claims_of(config, [measured[cell.name] for cell in cells(config)])


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = {cell["letters"]: measured[cell.name] for cell in cells(config)}
    yield accuracy_figure(
        config,
        found,
        ("words", "matched"),
        "accuracy",
        "Networks that have not seen a word decide whether it closes to the unknot. The gray line is chance; "
        "“counting” is a regression on strands, writhe and the numbers of each letter, “Alexander” one on the "
        "Alexander polynomial at t = −0.8. Where counting does well, a network need not know any topology; on the "
        "right, unknots and knots have the same letters, and what is left above chance was learned from their order: "
        "from topology, or from how moves and shuffles look.",
        PUBLISHED,
    )
    yield accuracy_figure(
        config,
        found,
        ("letters", "new"),
        "training-sets",
        "Left, accuracy with as many letters for each N to learn from, that is, fewer words where they are longer. "
        "Right, the share of unknots that are recognized among those that were learned in no form: not rotated, "
        "reversed, mirrored or turned over. A new unknot of few letters is a rare one.",
    )
    if max(config.letters) >= ROOM:
        yield trivial_figure(config, found)


study = Study.from_module(
    __name__,
    question="Can networks decide whether a braid word closes to the unknot, and do they do it by topology?",
    headline="accuracy",
    cites=("Gukov2021", "Kitaev2020"),
    version=4,
)
