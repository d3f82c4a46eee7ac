"""Unknots of the prior untied by agents, walkers and spherogram: all play the same words.

python benchmarks/unknots.py [--spherogram PYTHON] [--letters N ...] [--count C] [--agents A]

Agents learn by TRPO from rotated words of 24 letters, and are tested on words that none of them has seen, as drawn and
rotated. All that is won within 300 moves is replayed. PYTHON is an interpreter that has spherogram; it simplifies the
closed braids as diagrams, by Reidemeister moves, and is not limited in their number.
"""

import argparse
import json
import subprocess
from pathlib import Path

import jax
import numpy as np

from netphysics.knots.priors import Prior, random_unknots
from netphysics.knots.unknotting import (
    Actions,
    Environment,
    TrustRegion,
    greedy_sweep,
    make_learning,
    play,
    uniform_walker,
    weighted_walker,
)

PEER = Path(__file__).parent / "peers" / "spherogram_words.py"
LEARNED, WORDS, IMPROVEMENTS, GAMES = 24, 1024, 240, 32
WALKERS = {"greedy sweep": greedy_sweep, "weighted walker": weighted_walker, "uniform walker": uniform_walker}


def drawn(letters, first, count):
    return random_unknots(Prior(letters), np.arange(first, first + count, dtype=np.uint64)).letters


def rotated(words, seed):
    by = np.random.default_rng(seed).integers(words.shape[1], size=(len(words), 1))
    return np.take_along_axis(words, (np.arange(words.shape[1]) + by) % words.shape[1], axis=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spherogram", metavar="PYTHON", help="an interpreter that has spherogram")
    parser.add_argument("--letters", type=int, nargs="+", default=[24, 48, 72, 96])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--agents", type=int, default=3)
    arguments = parser.parse_args()
    environment = Environment(Actions(LEARNED))
    learn = make_learning(TrustRegion(), environment, improvements=IMPROVEMENTS, games=GAMES)
    words = rotated(drawn(LEARNED, arguments.count, WORDS), 0)
    learned = learn(jax.random.split(jax.random.key(0), arguments.agents), environment.parameters(words))
    print("| N | words | who | share untied | moves |\n|---|---|---|---|---|")
    for letters in arguments.letters:
        environment, key = Environment(Actions(letters)), jax.random.key(letters)
        tests = drawn(letters, 0, arguments.count)
        for kind, words in (("as drawn", tests), ("rotated", rotated(tests, letters))):
            players = [("TRPO", learned.agent(number), False) for number in range(arguments.agents)]
            players += [("TRPO, greedy", learned.agent(number), True) for number in range(arguments.agents)]
            players += [(name, walker, walker is greedy_sweep) for name, walker in WALKERS.items()]
            found = {}
            for name, player, greedy in players:
                games = play(player, environment, words, greedy=greedy, key=key)
                games.verify()
                moves = games.moves[games.solved].mean() if games.solved.any() else np.nan
                found.setdefault(name, []).append((games.solved.mean(), moves))
            for name, numbers in found.items():
                share, moves = np.mean(numbers, axis=0)
                print(f"| {letters} | {kind} | {name} | {share:.3f} | {moves:.0f} |", flush=True)
        if arguments.spherogram:
            question = json.dumps(tests.tolist())
            done = subprocess.run([arguments.spherogram, PEER], input=question, text=True, stdout=-1, check=True)
            for mode, (share, seconds) in json.loads(done.stdout).items():
                print(f"| {letters} | as drawn | spherogram {mode!r}, {1e3 * seconds:.1f} ms each | {share:.3f} | |")


if __name__ == "__main__":
    main()
