"""Can an agent learn to untie unknots, and does it do so however long the word is?

Gukov, Halverson, Ruehle and Sulkowski (2010.16263) let reinforcement learning choose among N + 5 moves on words of N
letters. Their agent, trained with TRPO, came to the empty word within 300 moves for 80 % and more of all unknots up to
N = 96, as often for long words as for short ones, while a random walker was lost.

Here agents learn on short words only, and are tested on words up to four times as long: their networks see the letters
around the front of a word and do not know N. Beside them are walkers that have learned nothing: the paper's, which
draws from all actions, most of which make words longer; one with sensible weights; a greedy sweep; and a tree search
that follows an agent. Every game that is won is replayed by a checker that shares no code with it.

Words of the prior begin and end where SmartCollapse was stopped by the last relation, and so tell where to begin.
The same words are therefore also written from a random letter on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import jax
import numpy as np
from jaxtyping import PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.knots.braids import Braid, check
from netphysics.knots.invariants import prime_knots
from netphysics.knots.unknotting import (
    Actions,
    Agent,
    Budget,
    Environment,
    Games,
    play,
    tree_search,
    weighted_walker,
)
from netphysics.lab import Coordinates, Experiment, Results, Study
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally, fit_line

from ..agents import SOURCE, rotated, trained_one_by_one, with_a_failure
from .figures import STARTS, moves_figure, priors_figure, solved_figure
from .options import WALKERS, Config

PUBLISHED = 0.8
# An unknot that no conjugation and destabilization shortens (Morton, 1983).
MORTON = Braid([-3, -3, 2, -3, 2, 1, 1, 1, -2, 1, -2])


def cells(config: Config) -> list[Cell]:
    return [Cell(f"learned={config.learned}")]


def predict(config: Config) -> Results:
    """What is published: about 80 % or more, whatever N."""
    return {cell.name: {"published": Estimate.exact(np.full(len(config.letters), PUBLISHED))} for cell in cells(config)}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    games = {"letters": config.letters, "words": STARTS, "player": config.players}
    searches = {name: {"letters": config.letters} for name in ("searched", "search moves", "looks")}
    return {"solved": games, "moves": games, **searches}


def measure(config: Config, cell: Cell) -> Experiment:
    return trained_one_by_one(lambda key: one_training(config, key))


def one_training(config: Config, key: PRNGKeyArray) -> dict[str, np.ndarray]:
    """Agents of all algorithms, and what they and the walkers do on the same words."""
    learning, testing, playing = jax.random.split(key, 3)
    agents: dict[str, Agent] = {
        name: config.train(name, config.learned, key=learning).agent(0) for name in config.algorithms
    }
    solved, moves, searches = [], [], []
    for letters in config.letters:
        drawn = config.unknots(letters, config.tests, key=jax.random.fold_in(testing, letters))
        environment = Environment(Actions(letters))
        games = [
            played(config, agents, environment, words, key=playing) for words in (drawn, rotated(drawn, key=testing))
        ]
        for game in (game for each in games for game in each):
            game.verify()
        solved.append([[game.solved.mean() for game in each] for each in games])
        moves.append([[np.where(game.solved, game.moves, 0).mean() for game in each] for each in games])
        searches.append(searched(config, agents[config.algorithms[0]], environment.actions, drawn))
    return {
        "solved": np.array(solved),
        "moves": np.array(moves),
        "searched": np.array(searches),
        "priors": np.array(other_priors(config, agents[config.algorithms[0]], testing, playing)),
        "impossible": impossible(agents[config.algorithms[0]], playing),
    }


def played(
    config: Config, agents: dict[str, Agent], environment: Environment, words: np.ndarray, *, key: PRNGKeyArray
) -> list[Games]:
    """Games of all players on the same words."""
    games = [play(agent, environment, words, key=key) for agent in agents.values()]
    games += [play(agent, environment, words, greedy=True, key=key) for agent in agents.values()]
    sweeps = {"greedy sweep": True}
    games += [
        play(walker, environment, words, greedy=sweeps.get(name, False), key=key) for name, walker in WALKERS.items()
    ]
    return games


def other_priors(config: Config, agent: Agent, testing: PRNGKeyArray, playing: PRNGKeyArray) -> list[list[float]]:
    """The shares of words of other priors that an agent and the weighted walker untie."""
    letters = config.letters[1]
    found = []
    for share in config.stabilizations:
        words = rotated(config.unknots(letters, config.tests, share, key=testing), key=testing)
        games = [play(player, Environment(Actions(letters)), words, key=playing) for player in (agent, weighted_walker)]
        found.append([game.solved.mean() for game in games])
    return found


def searched(config: Config, agent: Agent, actions: Actions, words: np.ndarray) -> list[float]:
    """Of a tree search: the share that is solved, and the moves and looks that it took, 0 where it is not."""
    found = [
        tree_search(agent, actions, Braid(word.tolist()), Budget(config.looks)) for word in words[: config.searched]
    ]
    for each in found:
        check(each.certificate)
    solved = np.array([each.solved for each in found])
    costs = [[len(each.taken) for each in found], [each.looks for each in found]]
    return [solved.mean(), *(np.where(solved, cost, 0).mean() for cost in costs)]


def impossible(agent: Agent, key: PRNGKeyArray) -> np.ndarray:
    """Wins that mathematics forbids: over the knots of the table, and over Morton's braid without further moves."""
    actions = Actions(12)
    braids = [*(knot.braid for knot in prime_knots() if len(knot.braid) <= actions.room), MORTON]
    words = np.zeros((len(braids), actions.room), np.int8)
    for row, braid in zip(words, braids, strict=True):
        row[: len(braid)] = braid.letters
    solved = play(agent, Environment(actions), words, key=key).solved
    return np.array([solved[:-1].sum(), solved[-1]], float)


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    solved, moves, searches = tally.mean("solved"), tally.mean("moves"), tally.mean("searched")
    return {
        "solved": solved,
        "moves": moves / np.maximum(solved, 1e-9),
        "searched": searches[:, 0],
        "search moves": searches[:, 1] / np.maximum(searches[:, 0], 1e-9),
        "looks": searches[:, 2] / np.maximum(searches[:, 0], 1e-9),
        "priors": tally.mean("priors"),
        "impossible": tally.mean("impossible"),
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    (found,) = measured.values()
    solved = found["solved"]
    for number, name in enumerate(config.algorithms):
        sampled, greedy = solved[:, 0, number], solved[:, 0, len(config.algorithms) + number]
        said = f"{name} unties 80 % of the unknots of every N within 300 moves"
        yield Claim.at_least(f"published-{name}", said, PUBLISHED, sampled, "literature", SOURCE)
        said = f"{name} unties 80 % when it always takes the likeliest action"
        yield Claim.at_least(f"greedy-{name}", said, PUBLISHED, greedy, "conjecture", "netphysics")
        said = f"Rotated words, which do not tell where to begin, are untied by {name} as often, to 10 %"
        lost = sampled - solved[:, 1, number]
        yield Claim.within(f"rotated-{name}", said, np.zeros(lost.shape), 0.1, lost, "conjecture", "netphysics")
    slope = fit_line(np.log2(np.array(config.letters, float)), with_a_failure(config, solved[:, 0, 0])).slope
    said = f"The share that {config.algorithms[0]} unties is flat in N: it changes by less than 5 % when N doubles"
    yield Claim.within("flat", said, 0.0, 0.05, slope, "literature", SOURCE)
    walkers = dict(zip(WALKERS, range(2 * len(config.algorithms), len(config.players)), strict=True))
    uniform = solved[:, 0, walkers["uniform walker"]]
    said = "A walker that draws from all actions unties at most a tenth of the longest words"
    yield Claim.at_most("uniform-walker", said, 0.1, uniform[-1], "literature", SOURCE)
    said = f"{config.algorithms[0]} unties more of the longest words than a walker with sensible weights"
    gain = solved[-1, 0, 0] - solved[-1, 0, walkers["weighted walker"]]
    yield Claim.at_least("weighted-walker", said, 0.0, gain, "conjecture", "netphysics")
    said = "A greedy sweep, which has learned nothing, unties 95 % of the words of every N"
    sweep = solved[:, 0, walkers["greedy sweep"]]
    yield Claim.at_least("greedy-sweep", said, 0.95, sweep, "conjecture", "netphysics")
    said = f"Words of other priors are untied, too: {config.algorithms[0]} unties 80 % at every share of stabilizations"
    yield Claim.at_least("priors", said, PUBLISHED, found["priors"][:, 0], "conjecture", "netphysics")
    said = "No prime knot of the table, and without further moves not Morton's unknot, is ever untied"
    forbidden = "Markov's theorem; Morton, Math. Proc. Camb. Phil. Soc. 93 (1983) 247"
    yield Claim("impossible", said, np.zeros(2), found["impossible"], "theory", forbidden)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    (found,) = measured.values()
    yield solved_figure(config, found, predicted[cells(config)[0].name]["published"])
    yield moves_figure(config, found)
    yield priors_figure(config, found)


study = Study.from_module(
    __name__,
    question="Can an agent learn to untie unknots, and does it do so however long the word is?",
    headline="solved",
    cites=("Gukov2021",),
)
