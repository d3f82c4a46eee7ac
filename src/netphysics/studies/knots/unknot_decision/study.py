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
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import numpy as np

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
from netphysics.knots.priors import ALEXANDER_TRIVIAL, UNTIED, Prior, disguises, seeds_of
from netphysics.lab import Study, option
from netphysics.stats import Claim, Estimate, concatenate, fit_line, pooled_dof, stack

from ..options import DeciderConfig
from .figures import SETS, TITLES, accuracy_figure, trivial_figure

SOURCE = "arXiv:2010.16263; Halverson, talk at IAS 2020"
PUBLISHED = 0.95
NETWORKS = ("feed-forward", "transformer", "reformer")
Network = Literal["feed-forward", "transformer", "reformer", "cyclic"]
# Letters that leave room for disguises of Alexander-trivial knots.
ROOM = 15
FEW_SHORT_WORDS = (
    "Short words are few: of nine letters, most words of a test are a form of one that was learned, and they are told "
    "almost without a mistake."
)
make_decider = functools.cache(new_decider)


@dataclass(frozen=True)
class Config(DeciderConfig):
    """Options of the unknot decision."""

    networks: tuple[Network, ...] = option(NETWORKS, distinct=True)
    """Networks to train: feed-forward, transformer, reformer, cyclic (a transformer that sees a word as a circle)."""
    controls: tuple[Network, ...] = option(("feed-forward",), distinct=True)
    """Networks to train on matched examples and on fewer words, too; some of `networks`."""
    letters: tuple[int, ...] = (9, 15, 24, 48)
    """Numbers of letters N of a word; `words` is at the same number of letters for the smallest N only."""
    words: int = 16_384
    """Words to learn from; a network sees them rotated, reversed, mirrored and turned over at random."""
    stabilization: float = 0.2
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

    def __post_init__(self):
        super().__post_init__()
        if strange := set(self.controls) - set(self.networks):
            raise ValueError(f"controls has {min(strange)}, which is not one of the networks {self.networks}")
        if len(set(self.letters)) < 2 or min(self.letters) < 6:
            raise ValueError(f"letters is {self.letters}; it needs two different numbers, each at least 6")
        Prior(self.letters[0], stabilization=self.stabilization)


def cells(config):
    return [Cell(f"N={letters}", {"letters": letters}) for letters in config.letters]


def predict(config):
    """What is published: about 95 % or more, whatever the network and N."""
    return {cell.name: {"published": Estimate.exact(PUBLISHED)} for cell in cells(config)}


def measure(config, cell):
    letters = cell["letters"]
    prior = Prior(letters, stabilization=config.stabilization)
    few = config.words * min(config.letters) // letters
    train = {name: make_decider(config.schooling(name, letters)) for name in config.networks}
    # Unknots and knots in turn, in all tests.
    knotted = np.tile(np.array([0.0, 1.0]), config.tests // 2)

    def one(key):
        learn, test, disguise, start = jax.random.split(key, 4)
        plain, matched = draw_both(prior, config.words, key=learn)
        drawn, matched_test = draw_both(prior, config.tests, key=test)
        test, trivial = drawn.without(plain), trivial_words(prior, key=disguise)
        lessons = {"words": plain, "letters": plain.first(few), "matched": matched}
        exams = {"words": test, "letters": test, "matched": matched_test.without(matched)}

        def taught(name, sets):
            # Networks that differ in their examples only start from the same weights.
            models = train[name](jax.numpy.stack([start] * len(sets)), [lessons[each] for each in sets]).models
            words = np.stack([np.concatenate([exams[each].words, *trivial]) for each in sets])
            return np.asarray(all_log_odds(models, words, start))

        def fitted(decide, sets):
            return np.stack([decide(lessons[each], np.concatenate([exams[each].words, *trivial])) for each in sets])

        said = [taught(name, ("words", *(SETS if name in config.controls else ()))) for name in config.networks]
        said += [fitted(decide, ("words", *SETS)) for decide in (counting_log_odds, alexander_log_odds)]
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

    def experiment(keys):
        found = [one(key) for key in keys]
        return {name: sum(each[name] for each in found) for name in found[0]}

    return experiment


def trivial_words(prior, each=32, *, key):
    """Disguises of Alexander-trivial knots, `each` of each, and then of the same words untied, in a list of one array.

    The list is empty where words are too short.
    """
    if prior.letters < ROOM:
        return []
    seeds = seeds_of(np.asarray(jax.random.key_data(jax.random.split(key, len(ALEXANDER_TRIVIAL) * each))))
    groups = 2 * np.split(seeds, len(ALEXANDER_TRIVIAL))
    braids = (*ALEXANDER_TRIVIAL, *UNTIED)
    words = [disguises(prior, braid, group).letters for braid, group in zip(braids, groups, strict=True)]
    return [np.pad(np.concatenate(words), ((0, 0), (0, padded_length(prior.letters) - prior.letters)))]


def reduce(config, cell, tally):
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


def over_lengths(estimate: Estimate) -> Estimate:
    """The mean over N, along the first axis; the cells are independent, so that their degrees of freedom add up.

    With a few trainings for each N no cell could contradict anything alone.
    """
    return Estimate(
        estimate.value.mean(axis=0),
        np.sqrt(np.sum(estimate.error**2, axis=0)) / len(estimate),
        estimate.draws,
        pooled_dof(estimate.error, estimate.dof),
        estimate.trusted.all(axis=0),
    )


def compare(config, predicted, measured):
    found = [measured[cell.name] for cell in cells(config)]
    accuracy, controls = (stack([each[name] for each in found]) for name in ("accuracy", "controls"))
    beyond = stack([each["beyond"] for each in found])[:, : len(config.networks)]
    letters, matched = (1 + SETS.index(name) for name in ("letters", "matched"))
    average = over_lengths(accuracy)
    claims = [
        Claim.at_least(
            f"published-{name}",
            f"A {name} network reaches 95 % balanced accuracy, in the mean over N",
            PUBLISHED,
            average[number],
            "literature",
            SOURCE,
            "The authors' settings are not public; with other moves, strands and numbers of words their priors are "
            "other tasks.",
        )
        for number, name in enumerate(config.networks)
    ]
    if "reformer" in config.networks and "transformer" in config.networks:
        gap = over_lengths(concatenate([each["reformer-transformer"] for each in found]))
        statement = "Reformers and transformers are equally accurate; by how much Reformers are better"
        claims.append(Claim("reformer-transformer", statement, 0.0, gap, "literature", SOURCE, 0.05))
    if "reformer" in config.networks and "feed-forward" in config.networks:
        gap = over_lengths(concatenate([each["reformer-feed-forward"] for each in found]))
        statement = "A Reformer is at least as accurate as a feed-forward network; by how much more accurate"
        claims.append(Claim.at_least("attention-wins", statement, 0.0, gap, "literature", SOURCE))
    rising = {
        "words": (config.networks[-1], accuracy[:, len(config.networks) - 1]),
        "letters": (config.controls[-1], controls[:, len(config.controls) - 1, letters]),
    }
    for name, (network, best) in rising.items():
        # A test set that is labeled without a mistake has no error bar at all.
        floor = Estimate(best.value, np.maximum(best.error, 1 / config.tests), best.draws, best.dof)
        slope = fit_line(np.log(np.array(config.letters, float)), floor).slope
        statement = f"At the {TITLES[name]} a {network} network gains accuracy with N; gain per factor e"
        claims.append(Claim.at_least(f"rises-{name}", statement, 0.0, slope, "literature", SOURCE, FEW_SHORT_WORDS))
    claims += [
        Claim.at_least(
            "more-than-counting",
            "On the prior's own words networks do better than counting strands, writhe and letters; gain in accuracy",
            0.0,
            over_lengths(beyond),
            "conjecture",
            "netphysics",
        ),
        Claim.at_least(
            "alexander-decides",
            "The Alexander polynomial at one point decides 99 % of the prior's words",
            0.99,
            average[-1],
            "conjecture",
            "netphysics",
        ),
        Claim.at_least(
            "matched-is-harder",
            "Where strands, writhe and letters are matched, networks do no better than where they are not; loss",
            0.0,
            over_lengths(stack([each["lost"] for each in found])[:, : len(config.controls)]),
            "conjecture",
            "netphysics",
        ),
        Claim(
            "matched-hides-counts",
            "On matched examples counting is worth nothing: 50 %",
            np.full(len(found), 0.5),
            controls[:, len(config.controls), matched],
            "theory",
            "each unknot has a knot with the same letters",
            0.05,
        ),
    ]
    told = [each["told"] for each in found if "told" in each]
    if told:
        difference = over_lengths(stack(told)[:, : len(config.networks)])
        claims.append(
            Claim.at_most(
                "alexander-trivial",
                "Knots with trivial Alexander polynomial are called knots no more often than the same words with one "
                f"crossing changed, which unties them: by {said_of(config, difference)}",
                0.0,
                difference,
                "conjecture",
                "netphysics",
                "What the polynomial does not know, a network that knows nothing else cannot tell.",
            )
        )
    return claims


def said_of(config: Config, values: Estimate) -> str:
    """Each network with its value."""
    return ", ".join(f"{name} {value}" for name, value in zip(config.networks, values, strict=True))


def figures(config, predicted, measured):
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


study = Study(
    name="unknot-decision",
    wing="knots",
    question="Can networks decide whether a braid word closes to the unknot, and do they do it by topology?",
    config=Config,
    cells=cells,
    predict=predict,
    measure=measure,
    reduce=reduce,
    compare=compare,
    figures=figures,
    headline="accuracy",
    cites=("Gukov2021", "Kitaev2020"),
    version=4,
)
